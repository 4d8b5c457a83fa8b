"""The guardian: a process that takes the sources to zero if the engine of a run cannot.

Every engine with real outputs has one. It acts if the pipe from the engine closes before the bench was reported safe,
if a file ``emergency`` appears in the run folder, or if the heartbeat of the engine stops.
"""

from mtjlab.guardian.client import GuardianClient, guarded

__all__ = ["GuardianClient", "guarded"]
