"""The circuit breaker, on a clock that the tests move."""

import threading

import pytest

from schediora.ai.model.breaker import Breaker


class Time:
    """A monotonic clock that stands still unless told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> Breaker:
    return Breaker(threshold=4, first_seconds=10, most_seconds=35, probe_seconds=30, monotonic=time)


def opened(breaker: Breaker) -> Breaker:
    breaker.failed(4)
    return breaker


def test_it_opens_on_blame_in_a_row(breaker: Breaker) -> None:
    for _ in range(3):
        breaker.failed()
        assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()


def test_a_success_between_failures_forgives_them(breaker: Breaker) -> None:
    for _ in range(5):
        breaker.failed(3)
        breaker.succeeded()
    assert breaker.allows()


def test_after_its_pause_one_call_probes(breaker: Breaker, time: Time) -> None:
    opened(breaker)
    time.now = 9.9
    assert not breaker.allows()
    time.now = 10
    assert [breaker.allows() for _ in range(3)] == [True, False, False]
    breaker.succeeded()
    assert [breaker.allows() for _ in range(3)] == [True, True, True]


def test_the_pause_doubles_up_to_its_cap_and_a_success_resets_it(breaker: Breaker, time: Time) -> None:
    opened(breaker)
    for pause in (10, 20, 35, 35):
        time.now += pause - 1
        assert not breaker.allows()
        time.now += 1
        assert breaker.allows()
        breaker.failed()
    time.now += 35
    assert breaker.allows()
    breaker.succeeded()
    opened(breaker)
    time.now += 10
    assert breaker.allows()


def test_a_probe_that_never_reports_is_replaced(breaker: Breaker, time: Time) -> None:
    opened(breaker)
    time.now = 10
    assert breaker.allows()
    time.now = 39
    assert not breaker.allows()
    time.now = 40
    assert breaker.allows()


def test_late_failures_of_calls_made_before_it_opened_do_not_prolong_the_pause(breaker: Breaker, time: Time) -> None:
    opened(breaker)
    time.now = 5
    breaker.failed(4)
    time.now = 10
    assert breaker.allows()


def test_a_failure_without_blame_opens_nothing_and_a_probe_that_learns_nothing_is_followed_by_a_later_one(
    breaker: Breaker, time: Time
) -> None:
    for _ in range(20):
        breaker.failed(0)
    assert breaker.allows()
    opened(breaker)
    time.now = 10
    assert breaker.allows()
    breaker.failed(0)
    time.now = 29
    assert not breaker.allows()
    time.now = 30
    assert breaker.allows()


def test_it_stays_open_for_as_long_as_the_provider_asked(breaker: Breaker, time: Time) -> None:
    breaker.failed(1, retry_after=25)
    time.now = 24
    assert not breaker.allows()
    time.now = 25
    assert breaker.allows()
    breaker.failed(1, retry_after=100_000)
    time.now += 35
    assert breaker.allows()


def test_of_many_threads_one_probes(breaker: Breaker, time: Time) -> None:
    opened(breaker)
    time.now = 10
    barrier = threading.Barrier(16)
    allowed: list[bool] = []

    def ask() -> None:
        barrier.wait()
        allowed.append(breaker.allows())

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert allowed.count(True) == 1
