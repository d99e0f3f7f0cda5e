"""What a start takes: `python -m benchmarks.starting [program]`.

Prints how long `--help`, the first start on an empty directory and a second one take until the server is ready, and the
memory that it has then; beside a bare interpreter that imports Falcon, in the same minute and in turns. `program` is
another command than this environment's `schediora`, such as the executable of one file.
"""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from tests.live import COMMAND
from tests.ports import free_port

_TURNS = 5


def main(program: str) -> None:
    """Measure and print."""
    took: dict[str, list[float]] = {}
    mebibytes: list[float] = []
    for _ in range(_TURNS):
        for what, command in {
            "an interpreter with Falcon": [sys.executable, "-c", "import falcon"],
            "--help": [program, "--help"],
        }.items():
            began = time.monotonic()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            took.setdefault(what, []).append(time.monotonic() - began)
        with tempfile.TemporaryDirectory() as folder:
            for what in ("serve, on nothing", "serve, again"):
                seconds, memory = _ready(program, folder)
                took.setdefault(what, []).append(seconds)
                mebibytes.append(memory)
    bare = median(took["an interpreter with Falcon"])
    print("| start | seconds | to the first |\n|---|---|---|")
    for what, seconds_each in took.items():
        print(f"| {what} | {median(seconds_each):.2f} | {median(seconds_each) / bare:.1f} |")
    print(f"\nA server that is ready has {median(mebibytes):.0f} MiB of memory.")


def _ready(program: str, folder: str) -> tuple[float, float]:
    """Return the seconds until a server on `folder` is ready, and its memory then, in MiB, with all its processes."""
    port = free_port()
    began = time.monotonic()
    with subprocess.Popen(
        [program, "serve", "--data-dir", folder, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as server:
        while True:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/api/v1/health/ready") as answer:
                answer.read()
                break
            assert server.poll() is None, "it did not start"
            time.sleep(0.005)
        seconds = time.monotonic() - began
        memory = sum(map(_mebibytes, _group(server.pid)))
        server.terminate()
    return seconds, memory


def _group(session: int) -> list[int]:
    found = []
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        with suppress(OSError):
            if os.getsid(pid) == session:
                found.append(pid)
    return found


def _mebibytes(pid: int) -> float:
    """Return a process's memory; what several share is divided among them."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return 0.0


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else COMMAND)
