"""What takes long to read is read by one thread."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from schediora.subjects.once import once


def test_whoever_asks_while_it_is_made_waits_for_the_same() -> None:
    about_to_ask, may_end = threading.Barrier(9, timeout=20), threading.Event()
    made: list[object] = []

    @once
    def slow() -> object:
        may_end.wait(20)
        made.append(object())
        return made[-1]

    def ask() -> object:
        about_to_ask.wait()
        return slow()

    with ThreadPoolExecutor(8) as threads:
        found = [threads.submit(ask) for _ in range(8)]
        about_to_ask.wait()
        may_end.set()
        results = {id(each.result(20)) for each in found}
    assert len(made) == len(results) == 1
    assert id(slow()) in results


def test_what_could_not_be_made_is_made_by_the_next_who_asks() -> None:
    tries: list[int] = []

    @once
    def fragile() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("the disk hesitated")
        return 7

    with pytest.raises(OSError, match="hesitated"):
        fragile()
    assert [fragile(), fragile()] == [7, 7]
    assert len(tries) == 2
