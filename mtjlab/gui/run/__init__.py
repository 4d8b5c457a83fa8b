"""A run as the window knows it: followed, kept, at any snapshot."""
