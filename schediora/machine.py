"""The machine as this process may use it."""

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

_ROOT = Path("/")
CORES = frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else frozenset[int]()
"""Those that this process was begun with, whatever single threads of it keep to; empty where it is not told (macOS)."""


def usable_cores(root: Path = _ROOT) -> int:
    """Return how many cores this process may keep busy, one at least: those that it may run on (affinity), and no more
    than its control group's quota pays for, rounded up.

    Both versions of control groups are read below `root`, the process's own group and those around it (Linux'
    admin-guide/cgroup-v2.rst, "cpu.max"; scheduler/sched-bwc.rst for version 1).
    """
    cores = len(CORES) or os.cpu_count() or 1
    return max(1, min([cores, *(math.ceil(quota) for quota in _quotas(root))]))


@contextmanager
def on_any_core() -> Iterator[None]:
    """Let what this thread begins meanwhile run on every core that the process may use, also where the thread keeps to
    one of them.
    """
    if not CORES:
        yield
        return
    before = os.sched_getaffinity(0)
    with suppress(OSError):
        os.sched_setaffinity(0, CORES)
    try:
        yield
    finally:
        with suppress(OSError):
            os.sched_setaffinity(0, before)


def _quotas(root: Path) -> Iterator[float]:
    """Yield what each group allows, in cores; nothing where there is no limit or nothing can be read."""
    for group in _groups(root):
        with suppress(OSError, ValueError, ZeroDivisionError):
            if group.joinpath("cpu.max").exists():
                quota, period = group.joinpath("cpu.max").read_text().split()
            else:
                quota = group.joinpath("cpu.cfs_quota_us").read_text()
                period = group.joinpath("cpu.cfs_period_us").read_text()
            if quota.strip() not in ("max", "-1"):
                yield int(quota) / int(period)


def _groups(root: Path) -> Iterator[Path]:
    """Yield the folders of the process's groups and of all around them; a container sees its own as the outermost."""
    try:
        lines = root.joinpath("proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        mount = root / "sys/fs/cgroup" / ("" if not controllers else "cpu")
        inner = PurePosixPath(path).relative_to("/") if path.startswith("/") else PurePosixPath()
        for folder in (inner, *inner.parents):
            if ".." not in folder.parts:
                yield mount / folder
