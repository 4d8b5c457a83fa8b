"""Tables of what a run measured, with columns ``Name (unit)``; what is missing is left empty."""
