"""Inference: the class that a trained network assigns to each token."""
