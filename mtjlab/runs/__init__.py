"""Runs as folders: finding, listing, following and stopping them; data on benches kept between runs."""
