"""The parent of several processes: what it does when they do not come up, and that none of its signals is lost."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
PROGRAM = """
import os, sys, time
from schediora import log
from schediora.server.family import Family
from schediora.server.processes import Parent
from schediora.server.signals import ReloadSignal, StopSignals

log.configure(production=True)

def begin(role, tie, stop):
    {begin}
    return 0

def answer(tie, stop):
    tie.heed(retire=lambda: None, orphaned=lambda: None)
    tie.say_ready()
    stop.asked.wait()

nothing = lambda *_: None
family = Family(
    roles=lambda: ["answers"] * 2,
    begin=begin,
    execute=nothing,
    ready=lambda role: print("ready", flush=True),
    ended=nothing,
    stopping=lambda: print("stopping", flush=True),
)
sys.exit(Parent(family, StopSignals(), ReloadSignal()).run())
"""


def parent(begin: str) -> "subprocess.Popen[str]":
    """Start a parent whose children do what `begin` says."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(begin=begin)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize("begin", ["return 1", "raise OSError('no disk')", "os.kill(os.getpid(), 9)"])
def test_where_no_process_ever_comes_up_it_gives_up_with_exit_code_1(begin: str) -> None:
    with parent(begin) as started:
        _, log = started.communicate(timeout=PATIENCE_SECONDS)
        assert started.returncode == 1
    ended = log.count('"process_ended"')
    assert 3 <= ended <= 6, log
    assert '"again_in_seconds": 0.2' in log
    assert '"again_in_seconds": 0.4' in log


def test_whoever_keeps_dying_is_waited_for_longer_each_time_while_the_others_answer(tmp_path: Path) -> None:
    first = f"os.mkdir({str(tmp_path / 'first')!r})"  # which only one of them can
    with parent(f"{first}; answer(tie, stop)") as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "ready\n"
        time.sleep(3)
        started.send_signal(signal.SIGTERM)
        said, log = started.communicate(timeout=PATIENCE_SECONDS)
        assert started.returncode == 0
    assert said.split() == ["stopping"]
    assert 2 <= log.count('"process_ended"') <= 5, log


def test_a_process_that_does_not_end_is_killed_and_a_second_signal_ends_all_at_once() -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); tie.say_ready(); time.sleep(600)"
    with parent(deaf) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == started.stdout.readline() == "ready\n"
        started.send_signal(signal.SIGINT)
        assert started.stdout.readline() == "stopping\n"
        started.send_signal(signal.SIGTERM)  # within a second it is the same signal
        time.sleep(1.5)
        started.send_signal(signal.SIGINT)
        assert started.wait(PATIENCE_SECONDS) == -signal.SIGINT
        assert started.stdout.read() == ""
