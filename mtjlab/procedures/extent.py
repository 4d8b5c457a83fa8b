"""How much a training is: what progress and time left are told from."""

from dataclasses import dataclass

from mtjlab.config import TrainingSettings


@dataclass(frozen=True, slots=True)
class Extent:
    """Training steps, and presentations in all if every token gives a configuration at once."""

    steps: int
    presentations: int

    @classmethod
    def of(cls, settings: TrainingSettings, classes: int, tokens: int) -> "Extent":
        """A training of so many classes and tokens."""
        recognitions = sum(measures_recognition(settings, step) for step in range(settings.steps + 1))
        return cls(settings.steps, settings.steps * classes + recognitions * tokens)

    def share(self, presentations: int) -> float:
        """How much of it is done, 0 to 1."""
        return min(1.0, presentations / max(1, self.presentations))


def measures_recognition(settings: TrainingSettings, step: int) -> bool:
    """Whether every token is presented after ``step`` training steps: first, last, and every so many."""
    every = settings.recognition_every_steps
    return every != 0 and (step in (0, settings.steps) or step % every == 0)
