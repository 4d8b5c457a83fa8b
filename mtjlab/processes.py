"""Start processes that live on their own."""

import subprocess
import sys
from typing import Any


def detached() -> dict[str, Any]:
    """Options of a process that neither Ctrl-C in the terminal nor the end of its parent reaches."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
