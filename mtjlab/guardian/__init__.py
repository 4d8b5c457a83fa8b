"""The guardian: a process beside every engine with real outputs, which takes them to zero when the engine cannot.

It acts when the pipe from the engine closes without the word that all is safe, when a file ``emergency`` appears in the
run folder, or when the engine's heartbeat stops.
"""

from mtjlab.guardian.watch import Watch, guarded

__all__ = ["Watch", "guarded"]
