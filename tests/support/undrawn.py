"""``python undrawn.py ARGS`` is ``mtjlab ARGS`` without figures, which take longer than all the rest of a short run."""

from mtjlab.cli import drawing, main

if __name__ == "__main__":
    drawing.draw_in_process = drawing.draw_behind = lambda *_: []
    main()
