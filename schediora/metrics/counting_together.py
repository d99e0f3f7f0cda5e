"""The directory in which several processes count together.

The library looks for it when it is imported, so `share` comes before anything that imports it, and before the fork.
"""

import os
import sys
from pathlib import Path

from schediora.data_dir import make_data_dir

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_LIBRARY = "prometheus_client"
_LIVE = "gauge_live*_{}.db"
"""How the library calls the files of what counts only as long as its process lives."""


def share(directory: Path) -> None:
    """Have this process and those that it forks count in `directory`, which is made, or emptied of an earlier start.

    Raises RuntimeError when the library is imported already: nothing would be counted, and nobody would know.
    """
    if _LIBRARY in sys.modules:
        raise RuntimeError(f"{_LIBRARY} was imported before its directory was there")
    make_data_dir(directory)
    for old in directory.glob("*.db"):
        old.unlink(missing_ok=True)
    os.environ[VARIABLE] = str(directory)


def forget(directory: Path, pid: int) -> None:
    """Remove what only counted while the process `pid` lived; what it has counted up stays counted."""
    for file in directory.glob(_LIVE.format(pid)):
        file.unlink(missing_ok=True)
