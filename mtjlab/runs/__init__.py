"""Runs as folders: finding, listing, following and stopping them; what is remembered of benches between runs."""
