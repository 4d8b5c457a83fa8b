"""The window: a face of the experiment that decides nothing.

It starts engines as processes of their own, and everything it shows it reads from run folders; so a window that dies
hurts no run, and a replay goes the same way as a live run. It knows neither bench nor instrument.
"""
