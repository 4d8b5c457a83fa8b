"""Inference: which class a trained network takes each token for."""
