"""Files and folders opened by the programs of the desktop."""

import os
from pathlib import Path

from PyQt5.QtCore import QUrl
from PyQt5.QtGui import QDesktopServices

from mtjlab.errors import RefusedError


def open_on_desktop(path: Path) -> None:
    """Have the desktop open a file or a folder.

    Raises:
        RefusedError: it has no program for that; the message says where to find it.
    """
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.resolve()))):
        what = "folders" if os.path.isdir(path) else f"{path.suffix.removeprefix('.')} files"
        raise RefusedError(f"This desktop has no program that opens {what}. It is here: {path.resolve()}")
