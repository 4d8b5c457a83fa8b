"""The window: a user interface of the experiment that makes no decisions.

It starts engines as separate processes and reads everything it shows from run folders. A crash of the window therefore
affects no run, and a replay is shown the same way as an active run. It knows neither benches nor instruments.
"""
