"""Replicas: trainings of simulated chains by thousands, in arrays; each is that of the event engine."""
