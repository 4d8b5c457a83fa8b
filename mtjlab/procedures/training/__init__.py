"""Training: measure the junctions, encode the tokens; then each step presents, detects and moves control currents."""
