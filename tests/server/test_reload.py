"""SIGUSR2 takes new settings and new code into service, and nobody who calls meanwhile notices."""

import http.client
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import running_processes
from tests.live import Service, service
from tests.server.test_processes import children_of, events, until

PATH = "/api/v1/health/live"
SETTINGS = """
environment = "production"
[auth]
secret_key = "cv3Qm7xT0bWn9LrYz5KpUe2HsJ8dFgAi4oN6"
[log]
level = "{level}"
"""
PROGRAM = """#!{python}
print("{code}", flush=True)
from schediora_cli.main import run
run()
"""


class Load:
    """Calls all the time, on connections that are kept and on new ones, as an app does that never tries again."""

    def __init__(self, server: Service) -> None:
        self._port = server.port
        self._ending = threading.Event()
        self.outcomes: Counter[str] = Counter()

    @contextmanager
    def running(self) -> Iterator["Load"]:
        callers = [threading.Thread(target=self._call, args=(keeps,)) for keeps in (True, True, False)]
        for caller in callers:
            caller.start()
        try:
            yield self
        finally:
            self._ending.set()
            for caller in callers:
                caller.join()

    def _call(self, keeps: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        while not self._ending.wait(0.01):
            try:
                connection.request("GET", PATH)
                answer = connection.getresponse()
                answer.read()
                self.outcomes[str(answer.status)] += 1
            except (OSError, http.client.HTTPException) as problem:
                self.outcomes[repr(problem)] += 1
                connection.close()
            if not keeps:
                connection.close()
        connection.close()


def write(folder: Path, level: str, code: str) -> None:
    """Write the settings, and the program as a release would bring it."""
    (folder / "settings.toml").write_text(SETTINGS.format(level=level), encoding="utf-8")
    program = folder / "program"
    program.write_text(PROGRAM.format(python=sys.executable, code=code), encoding="utf-8")
    program.chmod(0o755)


def quiet(server: Service) -> bool:
    """Tell whether requests leave no line in the log any more, as the settings say now."""
    time.sleep(0.5)
    before = server.logged().count('"request"')
    time.sleep(0.5)
    return server.logged().count('"request"') == before


@pytest.mark.parametrize("processes", [1, 2])
def test_nobody_notices_a_reload_that_takes_new_settings_and_new_code(
    processes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "info", "old code")
    monkeypatch.setattr(Service, "program", str(tmp_path / "program"))
    settings = tmp_path / "settings.toml"
    with service(tmp_path / "data", "serve", "--config", str(settings), "--processes", str(processes)) as server:
        until(lambda: len(events(server, "serving")) == 1, server)
        assert server.process is not None
        before = children_of(server)
        with Load(server).running() as load:
            settings.write_text("[server", encoding="utf-8")
            server.process.send_signal(signal.SIGUSR2)
            until(lambda: len(events(server, "reload_refused")) == 1, server)
            assert children_of(server) == before
            if processes > 1:
                write(tmp_path, "info", "new code")
                server.process.send_signal(signal.SIGUSR2)
                until(lambda: len(events(server, "reloaded")) == 1, server)
                assert server.logged().count("new code") == processes + 1
            write(tmp_path, "warning", "newer code")
            server.process.send_signal(signal.SIGUSR2)
            until(lambda: quiet(server), server)
            assert "newer code" in server.logged()
            known = set(children_of(server))
        assert set(load.outcomes) == {"200"}, load.outcomes
        assert not known & set(before)
        assert server.call("GET", "/health/ready").status == 200
        assert server.stop() == 0
        assert not any(map(running_processes.lives, known))
    assert "Traceback" not in server.logged()
