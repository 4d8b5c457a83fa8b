"""By hand: a bench that is held and read while a person turns its currents."""
