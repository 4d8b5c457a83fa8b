"""Data sets: the measured vowels, the surrogate, or any table; and their split into training and test."""
