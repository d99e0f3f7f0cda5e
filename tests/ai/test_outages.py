"""Nobody waits for a provider that is known to be dead, and a provider that is back is used again."""

import threading
from collections.abc import Sequence

import openai
import pytest

from schediora.ai.author import Author, Authored
from schediora.ai.content.brief import Brief
from schediora.ai.content.outline import Fault, Outline, faults
from schediora.ai.model.breaker import Breaker
from schediora.ai.model.openai_provider import OpenAIProvider
from schediora.ai.model.provider import FailureCode, ProviderError
from schediora.ai.rules import Rules
from tests.ai.authors import author_of
from tests.ai.briefs import brief
from tests.model_behaviours import Behaviour, good, hang, mixed, rate_limited, study_plan, trickle, unauthorized
from tests.model_server import ModelServer

assert openai.__version__  # imported here, so that no test's deadline pays for it


@pytest.mark.parametrize("behaviour", [hang(), trickle()])
def test_a_dead_provider_costs_the_next_student_nothing(server: ModelServer, behaviour: Behaviour) -> None:
    server.behave(behaviour)
    author = author_of(server.base_url, timeout=1.0)
    author.write(brief())
    spent = len(server.calls)
    authored = author.write(brief())
    assert (authored.source, authored.degraded_code) == ("rules", FailureCode.UNAVAILABLE)
    assert len(server.calls) == spent


def test_a_wrong_key_is_tried_twice_by_everybody_together(server: ModelServer) -> None:
    server.behave(unauthorized())
    author = author_of(server.base_url)
    codes = [author.write(brief()).degraded_code for _ in range(3)]
    assert codes == [FailureCode.UNAUTHORIZED, FailureCode.UNAUTHORIZED, FailureCode.UNAVAILABLE]
    assert len(server.calls) == 2


class Hanging:
    """A provider that takes all the time that it is given and says nothing; notes how much that was."""

    name = "openai:hanging"

    def __init__(self) -> None:
        self.given: list[float] = []

    def propose(
        self, brief: Brief, *, seconds: float, faults: Sequence[Fault] = (), previous: Outline | None = None
    ) -> Outline:
        """Let the time pass."""
        self.given.append(seconds)
        raise ProviderError(FailureCode.TIMEOUT)

    def clock(self) -> float:
        """Return the seconds that were spent on it."""
        return sum(self.given)


@pytest.mark.parametrize(
    ("timeout", "tries", "allowed", "given"),
    [
        (20, 1, 60, [20]),
        (20, 2, 60, [20, 20]),
        (20, 5, 60, [20, 20, 20]),
        (60, 2, 60, [60]),
        (60, 2, 11, [11]),
        (20, 2, 25, [20, 5]),
        (20, 2, 0, []),
    ],
)
def test_each_try_has_its_time_and_the_whole_plan_no_more_than_is_left(
    timeout: float, tries: int, allowed: float, given: list[float]
) -> None:
    model = Hanging()
    breaker = Breaker(threshold=100)
    author = Author(Rules(), model, breaker, timeout_seconds=timeout, tries=tries, monotonic=model.clock)
    assert author.write(brief(), model_seconds=allowed).source == "rules"
    assert model.given == given


def test_a_server_that_had_hardly_any_time_is_not_taken_for_dead() -> None:
    model = Hanging()
    author = Author(Rules(), model, timeout_seconds=20, tries=1, monotonic=model.clock)
    codes = [author.write(brief(), model_seconds=5).degraded_code for _ in range(6)]
    assert codes == [FailureCode.TIMEOUT] * 6
    codes = [author.write(brief()).degraded_code for _ in range(3)]
    assert codes == [FailureCode.TIMEOUT, FailureCode.TIMEOUT, FailureCode.UNAVAILABLE]


def test_a_provider_that_recovers_is_used_again(server: ModelServer) -> None:
    now = [0.0]
    author = author_of(server.base_url, breaker=Breaker(first_seconds=10, monotonic=lambda: now[0]))
    server.behave(unauthorized())
    author.write(brief())
    author.write(brief())
    server.behave(good())
    assert author.write(brief()).source == "rules"
    now[0] = 10
    assert author.write(brief()).source == "openai:tiny"
    assert author.write(brief()).degraded_reason is None


def test_bad_content_never_opens_the_breaker(server: ModelServer) -> None:
    server.behave(study_plan())
    author = author_of(server.base_url)
    for _ in range(6):
        author.write(brief())
    server.behave(good())
    assert author.write(brief()).source == "openai:tiny"


def test_it_waits_as_long_as_it_was_asked_to_and_no_longer_than_it_may(server: ModelServer) -> None:
    slept: list[float] = []
    provider = OpenAIProvider(model="tiny", base_url=server.base_url)
    author = Author(Rules(), provider, Breaker(), timeout_seconds=2.5, sleep=slept.append)
    server.behave(rate_limited(2), good())
    assert author.write(brief()).source == "openai:tiny"
    server.behave(rate_limited(6), good())
    assert author.write(brief()).degraded_code is FailureCode.RATE_LIMITED
    assert author.write(brief()).degraded_code is FailureCode.UNAVAILABLE
    assert slept == [2]


def test_many_jobs_at_once_each_get_their_own_plan(server: ModelServer) -> None:
    server.behave(mixed(7, failing=0.3, delay=0.02))
    author = author_of(server.base_url, timeout=0.4)
    plans_: dict[str, Authored] = {}

    def work(topic: str) -> None:
        plans_[topic] = author.write(brief(topic=topic))

    threads = [threading.Thread(target=work, args=(f"Roman history {'abcdefghijklmnop'[n]}",)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(plans_) == 16
    for topic, authored in plans_.items():
        assert faults(authored.outline, brief(topic=topic)) == []
        assert topic in authored.outline.title
        assert (authored.source == "rules") <= (authored.degraded_reason is not None)
