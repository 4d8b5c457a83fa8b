"""``python -m mtjlab``."""

from mtjlab.cli import main

main()
