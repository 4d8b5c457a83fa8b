"""Manual operation: a bench is read continuously while a person sets its currents."""
