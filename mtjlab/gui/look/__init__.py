"""How things look and are called: colours, words, small widgets."""
