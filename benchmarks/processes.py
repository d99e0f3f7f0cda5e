"""How much processes compute, whichever of them come and go meanwhile."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(root: int) -> float:
    """Return how long process `root` has computed, with all below it and those below it that have ended."""
    total, pending = 0, [root]
    while pending:
        process = pending.pop()
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            pending += map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())
        except OSError:  # it has just ended
            continue
        total += sum(map(int, fields[11:15]))
    return total / _TICKS


def resident_mebibytes(root: int) -> float:
    """Return what process `root` holds in memory and shares with no file, in MiB."""
    for line in Path(f"/proc/{root}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


def parent_of(process: int) -> int:
    """Return who started `process`."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
