"""The switching map of two inputs: which configuration each pair of them gives."""
