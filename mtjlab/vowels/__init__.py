"""What is learnt: the measured vowels, the surrogate that stands in for them, or any table; and how it is split."""
