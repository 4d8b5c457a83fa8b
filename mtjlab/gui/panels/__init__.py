"""What is worked with: the band, forms, the list of runs, knobs."""
