"""Critical currents while one control current after another is moved: slope, cross-talk, linearity."""
