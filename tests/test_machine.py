"""How many cores may be kept busy: affinity and the quotas of control groups, of either version."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from schediora.machine import on_any_core, usable_cores


def machine(root: Path, **files: str) -> Path:
    """Write what the system would show of itself, each file's `/` as `__`."""
    for name, text in {"proc__self__cgroup": "4:cpu,cpuacct:/docker\n0::/a/b\n", **files}.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_quotas_of_the_own_group_and_of_those_around_it_count_in_both_versions(tmp_path: Path) -> None:
    cores = len(os.sched_getaffinity(0))
    group, around = "sys__fs__cgroup__a__b__cpu.max", "sys__fs__cgroup__a__cpu.max"
    outermost = "sys__fs__cgroup__cpu.max"
    old = "sys__fs__cgroup__cpu__docker"
    cases: dict[str, tuple[dict[str, str], int]] = {
        "nothing can be read": ({"proc__self__cgroup": ""}, cores),
        "no limit": ({group: "max 100000\n"}, cores),
        "half a core": ({group: "50000 100000\n"}, 1),
        "the group around it has less": ({group: "max 100000\n", around: "100000 100000\n"}, 1),
        "a container sees its own group as the outermost": ({outermost: "100000 100000\n"}, 1),
        "more than there are": ({group: "6400000 100000\n"}, cores),
        "not to be understood": ({group: "many\n"}, cores),
        "version 1": ({f"{old}__cpu.cfs_quota_us": "100000\n", f"{old}__cpu.cfs_period_us": "100000\n"}, 1),
        "version 1 without a limit": (
            {f"{old}__cpu.cfs_quota_us": "-1\n", f"{old}__cpu.cfs_period_us": "100000"},
            cores,
        ),
    }
    wrong = []
    for number, (name, (files, expected)) in enumerate(cases.items()):
        root = tmp_path / str(number)
        found = usable_cores(machine(root, **files))
        if found != expected:
            wrong.append((name, found))
    assert wrong == []
    assert usable_cores(tmp_path / "nowhere") == cores


def test_what_a_thread_begins_that_keeps_to_a_core_may_run_on_any() -> None:
    usable, cores, seen = os.sched_getaffinity(0), usable_cores(), list[object]()

    def keep_to_one() -> None:
        os.sched_setaffinity(0, {min(usable)})
        with on_any_core():
            program = [sys.executable, "-c", "import os; print(*os.sched_getaffinity(0))"]
            child = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
        seen.append(usable_cores())
        seen.append(os.sched_getaffinity(0))
        seen.append(set(map(int, child.communicate()[0].split())))

    thread = threading.Thread(target=keep_to_one)
    thread.start()
    thread.join()
    assert seen == [cores, {min(usable)}, usable]
