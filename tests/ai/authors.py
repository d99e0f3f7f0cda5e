"""Authors over a model server, with little patience, and writers that only take time."""

from collections.abc import Callable, Sequence

from schediora.ai.author import Author, Authored
from schediora.ai.model.breaker import Breaker
from schediora.ai.model.failures import FailureCode, ProviderError
from schediora.ai.model.openai_writer import OpenAIWriter
from schediora.ai.model.slots import SlotAnswers, SlotFault, SlotRequest, UnitList
from tests.ai.slots import biology, week

BIOLOGY = [biology()]


def author_of(base_url: str, *, timeout: float = 5.0, tries: int = 2, breaker: Breaker | None = None) -> Author:
    """Return an author whose model is at `base_url` and who does not pause."""
    writer = OpenAIWriter(model="tiny", base_url=base_url)
    return Author(writer, breaker, timeout_seconds=timeout, tries=tries, sleep=lambda _: None)


def ordinary(author: Author, **options: float) -> Authored:
    """Return the words of an ordinary week by `author`."""
    return author.write(week(), BIOLOGY, "en", **options)  # type: ignore[arg-type]


def failure(authored: Authored) -> FailureCode | None:
    """Return why the model has no part, or not all, in what was written."""
    return authored.degraded.code if authored.degraded else None


class Hanging:
    """A writer that takes all the time that it is given and says nothing; notes how much that was."""

    name = "openai:hanging"

    def __init__(self, spend: Callable[[float], object] = lambda _seconds: None) -> None:
        self.given: list[float] = []
        self._spend = spend

    def write_slots(self, request: SlotRequest, *, seconds: float, faults: Sequence[SlotFault] = ()) -> SlotAnswers:
        """Let the time pass."""
        self.given.append(seconds)
        self._spend(seconds)
        raise ProviderError(FailureCode.TIMEOUT)

    def list_units(self, topic: str, language: str, *, seconds: float) -> UnitList:
        """Let the time pass."""
        self.given.append(seconds)
        self._spend(seconds)
        raise ProviderError(FailureCode.TIMEOUT)

    def look(self, *, seconds: float) -> None:
        """See nothing."""

    def clock(self) -> float:
        """Return the seconds that were spent on it."""
        return sum(self.given)
