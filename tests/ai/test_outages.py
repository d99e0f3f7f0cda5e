"""Nobody waits for a provider that is known to be dead, and a provider that is back is used again."""

import threading

import openai
import pytest

from schediora.ai.author import Author, Authored
from schediora.ai.model.breaker import Breaker
from schediora.ai.model.failures import FailureCode
from schediora.ai.model.openai_writer import OpenAIWriter
from tests.ai.authors import BIOLOGY, Hanging, author_of, failure, ordinary
from tests.ai.slots import week
from tests.model_behaviours import Behaviour, good, hang, mixed, rate_limited, trickle, unauthorized, writes
from tests.model_server import ModelServer

assert openai.__version__  # imported here, so that no test's deadline pays for it


@pytest.mark.parametrize("behaviour", [hang(), trickle()])
def test_a_dead_provider_costs_the_next_student_nothing(server: ModelServer, behaviour: Behaviour) -> None:
    server.behave(behaviour)
    author = author_of(server.base_url, timeout=1.0)
    ordinary(author)
    ordinary(author)
    spent = len(server.calls)
    authored = ordinary(author)
    assert (authored.source, failure(authored)) == ("rules", FailureCode.UNAVAILABLE)
    assert len(server.calls) == spent


def test_a_wrong_key_is_tried_twice_by_everybody_together(server: ModelServer) -> None:
    server.behave(unauthorized())
    author = author_of(server.base_url)
    codes = [failure(ordinary(author)) for _ in range(3)]
    assert codes == [FailureCode.UNAUTHORIZED, FailureCode.UNAUTHORIZED, FailureCode.UNAVAILABLE]
    assert len(server.calls) == 2


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
    author = Author(model, breaker, timeout_seconds=timeout, tries=tries, monotonic=model.clock)
    assert ordinary(author, model_seconds=allowed).source == "rules"
    assert model.given == given


def test_a_server_that_had_hardly_any_time_is_not_taken_for_dead() -> None:
    model = Hanging()
    author = Author(model, timeout_seconds=20, tries=1, monotonic=model.clock)
    codes = [failure(ordinary(author, model_seconds=5)) for _ in range(6)]
    assert codes == [FailureCode.TIMEOUT] * 6
    codes = [failure(ordinary(author)) for _ in range(3)]
    assert codes == [FailureCode.TIMEOUT] * 3
    codes = [failure(ordinary(author)) for _ in range(2)]
    assert codes == [FailureCode.TIMEOUT, FailureCode.UNAVAILABLE]


def test_a_provider_that_recovers_is_used_again(server: ModelServer) -> None:
    now = [0.0]
    author = author_of(server.base_url, breaker=Breaker(first_seconds=10, monotonic=lambda: now[0]))
    server.behave(unauthorized())
    ordinary(author)
    ordinary(author)
    server.behave(good())
    assert ordinary(author).source == "rules"
    now[0] = 10
    assert ordinary(author).source == "openai:tiny"
    assert ordinary(author).degraded is None


def test_bad_content_never_opens_the_breaker(server: ModelServer) -> None:
    server.behave(writes(lambda slots: slots.clear()))
    author = author_of(server.base_url)
    for _ in range(6):
        ordinary(author)
    server.behave(good())
    assert ordinary(author).source == "openai:tiny"


def test_it_waits_as_long_as_it_was_asked_to_and_no_longer_than_it_may(server: ModelServer) -> None:
    slept: list[float] = []
    provider = OpenAIWriter(model="tiny", base_url=server.base_url)
    author = Author(provider, Breaker(), timeout_seconds=2.5, sleep=slept.append)
    server.behave(rate_limited(2), good())
    assert ordinary(author).source == "openai:tiny"
    server.behave(rate_limited(6), good())
    assert failure(ordinary(author)) is FailureCode.RATE_LIMITED
    assert failure(ordinary(author)) is FailureCode.UNAVAILABLE
    assert slept == [2]


def test_many_jobs_at_once_each_get_their_own_plan(server: ModelServer) -> None:
    server.behave(mixed(7, failing=0.3, delay=0.02))
    author = author_of(server.base_url, timeout=0.4)
    plans: dict[int, Authored] = {}

    def work(number: int) -> None:
        plans[number] = author.write(week(), BIOLOGY, "en", goal=f"Pass exam {number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(plans) == 16
    for authored in plans.values():
        texts = [authored.text(index) for index in range(len(week().slots))]
        assert len({text.title for text in texts}) == len(texts)
        assert (authored.source == "rules") <= (authored.degraded is not None)
