"""A process's threads stay on one core while there is much to do, each process of a service on another one."""

import os
import subprocess
import sys
import textwrap
import threading

import pytest

from schediora.http.lanes import Lane
from schediora.server.one_core import OneCore
from tests.sockets import Start, eventually, get, read_answer

USABLE = os.sched_getaffinity(0)
PASSWORDS = Lane("passwords", 1, frozenset({("POST", "/passwords")}), anywhere=True)


def core_of(*threads: threading.Thread) -> set[frozenset[int]]:
    return {frozenset(os.sched_getaffinity(thread.native_id or 0)) for thread in threads}


def test_threads_are_together_while_there_is_much_to_do_but_those_that_compute_passwords(start: Start) -> None:
    running = start(threads=3, lanes=[PASSWORDS])
    lanes = running.server._lanes
    eventually(lambda: all(lane._threads for lane in lanes._all if lane is not lanes._at_once))
    follow = [running.thread, *lanes._rest._threads, *lanes._refused._threads]
    (free,) = lanes._of_call["POST", "/passwords"]._threads
    with running.connect() as connection:

        def together() -> bool:
            for _ in range(100):
                connection.sendall(get("/"))
                read_answer(connection)
            (cores, *others) = core_of(*follow)
            return not others and len(cores) == 1

        eventually(together)
        assert core_of(free) == {frozenset(USABLE)}
    eventually(lambda: core_of(*follow) == {frozenset(USABLE)})  # with nothing to do they part


def test_a_server_that_ends_leaves_its_thread_as_it_was() -> None:
    core = OneCore(beside_others=False)
    seen = []

    def first() -> None:
        core._gather(min(USABLE))
        seen.append(os.sched_getaffinity(0))
        core.end()
        seen.append(os.sched_getaffinity(0))

    thread = threading.Thread(target=first)
    thread.start()
    thread.join()
    assert seen == [{min(USABLE)}, USABLE]


@pytest.mark.parametrize("elder", [True, False], ids=["elder", "younger"])
def test_of_two_processes_on_one_core_the_younger_goes_elsewhere(elder: bool) -> None:
    """A parent with two children: one keeps to a core, the other one comes to it."""
    program = """
        import os, sys
        from schediora.server.one_core import OneCore
        usable = sorted(os.sched_getaffinity(0))

        def stay(ready, go):
            os.sched_setaffinity(0, {usable[0]})
            os.write(ready, b"x")
            os.read(go, 1)

        def come(ready, go):
            os.read(go, 1)
            core = OneCore(beside_others=True)
            core._gather(usable[0])
            print(*usable, *os.sched_getaffinity(0), flush=True)

        parts = [stay, come] if sys.argv[1] == "True" else [come, stay]
        ready, go = os.pipe(), {part: os.pipe() for part in parts}
        children = {}
        for part in parts:
            children[part] = os.fork()
            if not children[part]:
                part(ready[1], go[part][0])
                os._exit(0)
        os.read(ready[0], 1)
        for part in (come, stay):
            os.write(go[part][1], b"x")
            os.waitpid(children[part], 0)
        """
    found = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(elder)], capture_output=True, text=True, check=True
    )
    *usable, core = map(int, found.stdout.split())
    assert (core != usable[0]) == (elder and len(usable) > 1)
