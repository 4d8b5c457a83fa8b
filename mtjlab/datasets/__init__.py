"""Data sets of xarray: variables with units, long names and codes for what is missing."""
