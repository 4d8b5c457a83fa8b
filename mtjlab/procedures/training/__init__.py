"""Live training: measure the junctions, encode the tokens, then present, detect and move the controls, step by step."""
