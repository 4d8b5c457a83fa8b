"""The first day of a rack: its instruments are tried, and a bench file is written with what was measured."""
