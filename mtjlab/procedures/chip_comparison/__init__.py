"""Compare a chip with what it was."""
