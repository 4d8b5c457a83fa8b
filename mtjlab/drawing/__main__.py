"""``python -m mtjlab.drawing RUN SELECTION``: the process that draws figures; each line of its output is a report."""

import gc
import os
import sys
from contextlib import suppress
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads take longer to start than they save
gc.disable()  # drawing makes few cycles, and the process is short

from mtjlab.drawing.draw import draw  # noqa: E402
from mtjlab.drawing.process import Report, send  # noqa: E402
from mtjlab.errors import RefusedError  # noqa: E402
from mtjlab.stopping import signals_interrupt  # noqa: E402


def main(folder: Path, selection: tuple[str, ...]) -> int:
    """Draw figures of the run in ``folder``; returns the exit code."""
    try:
        with signals_interrupt():
            draw(folder, lambda saved, of: send(Report(list(map(str, saved)), of)), selection)
    except KeyboardInterrupt:
        return 1
    except RefusedError as error:
        send(Report(why=str(error)))
        return 2
    except Exception as error:
        send(Report(why=f"{type(error).__name__}: {error}"))
        raise
    return 0


if __name__ == "__main__":
    code = main(Path(sys.argv[1]), tuple(sys.argv[2:]))
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(code)  # freeing thousands of artists takes longer than is worth waiting for
