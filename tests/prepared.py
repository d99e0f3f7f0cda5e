"""`schediora serve` and `schediora worker` where neither their start nor what a password costs is what is tested."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import IO

import argon2

from schediora import clock
from schediora.auth.passwords import Hasher
from tests.forks import fork
from tests.live import Process, Service, started


class PreparedService(Service):
    """A Service that is a fork of what has loaded everything, and hashes passwords in no time.

    Its clock is ahead by as many seconds as the file `ahead` says, where there is one, read anew each time.
    """

    ahead: Path | None = None

    def begun(self, command: list[str], variables: dict[str, str], log: IO[bytes]) -> Process:
        """Return the process of `command`, which writes to `log`."""
        with open(os.devnull, "rb") as nothing:
            files = (nothing.fileno(), log.fileno(), log.fileno())
            folder = self.data_dir.parent
            return fork(command, folder=folder, variables=variables, files=files, first=_Change(self.ahead))


@contextmanager
def prepared_service(data_dir: Path, *arguments: str, **variables: str) -> Iterator[Service]:
    """Run a prepared process and make sure that it is gone afterwards."""
    with started(PreparedService(data_dir, *arguments, **variables)) as running:
        yield running


class _Change:
    """What is changed in a fork before it begins."""

    def __init__(self, ahead: Path | None) -> None:
        self._ahead = ahead

    def __call__(self) -> None:
        (Hasher.__init__.__kwdefaults__ or {})["parameters"] = argon2.profiles.CHEAPEST
        if self._ahead:
            _Later.ahead = self._ahead
            # Who asks for the time has taken the function: what that asks is changed.
            vars(clock)["datetime"] = _Later


class _Later(datetime):
    ahead: Path

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(seconds=int(cls.ahead.read_text(encoding="ascii")))
