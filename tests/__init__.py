"""The tests, and in ``support`` and beside them what several of them use."""
