"""Studies: many trainings of simulated chips, their tables and their figure."""
