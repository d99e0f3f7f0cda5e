"""`schediora serve --socket`: who may connect, whose socket is replaced, and that all else is as on a port."""

import json
import os
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from schediora.server.listening import CannotListen
from schediora.server.unix_socket import listen_on_path, removal
from tests.live import STOP_SECONDS, Service
from tests.server.test_processes import PRODUCTION, events, until
from tests.sockets import get, read_answer

LIVE = "/api/v1/health/live"
SOMEBODY, THEIR_GROUP, ANOTHER_GROUP = 54321, 54322, 54323


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a folder that others may look into and whose path is short."""
    made = Path(tempfile.mkdtemp(prefix="schediora-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def asked(path: Path, *headers: str) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(STOP_SECONDS)
        connection.connect(str(path))
        connection.sendall(get(LIVE, *headers))
        return read_answer(connection)[1]


def may_connect(path: Path, group: int) -> bool:
    """Tell whether an account of `group` may connect; it is tried by a process that is one."""
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setgid(group)
            os.setuid(SOMEBODY)
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(path))
            os._exit(0)
        except PermissionError:
            os._exit(1)
        finally:
            os._exit(2)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 1)
    return code == 0


def test_it_is_served_by_all_processes_and_a_proxy_names_the_client(folder: Path, tmp_path: Path) -> None:
    path = folder / "app.sock"
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
    server = Service(tmp_path / "data", "serve", "--socket", str(path), "--processes", "2", **PRODUCTION)
    server.launch()
    try:
        until(lambda: len(events(server, "serving")) == 1, server)
        assert json.loads(asked(path, "X-Forwarded-For: 203.0.113.7"))
        assert json.loads(asked(path))
        until(lambda: len(events(server, "request")) == 2, server)
        assert [line["address"] for line in events(server, "request")] == ["203.0.113.7", "127.0.0.1"]
        assert events(server, "serving")[0]["address"] == f"unix:{path}"
        assert stat.S_IMODE(path.stat().st_mode) == 0o660

        second = Service(tmp_path / "data", "serve", "--socket", str(path))
        second.log = tmp_path / "second.log"
        second.launch()
        assert second.process is not None
        assert second.process.wait(STOP_SECONDS) == 1
        assert f"Somebody answers on the socket {path} already" in second.logged()
        assert json.loads(asked(path))
        assert server.stop() == 0
        assert not path.exists()
        assert "Traceback" not in server.logged()
    finally:
        server.kill()


def test_its_group_may_connect_and_nobody_else(folder: Path) -> None:
    path = folder / "app.sock"
    if os.geteuid():
        with pytest.raises(CannotListen, match="run Schediora as a member of it"):
            listen_on_path(path, mode=0o660, group=str(THEIR_GROUP))
        return
    [listening] = listen_on_path(path, mode=0o660, group=str(THEIR_GROUP))
    with listening:
        assert may_connect(path, THEIR_GROUP)
        assert not may_connect(path, ANOTHER_GROUP)


def test_what_cannot_be_is_one_sentence_that_says_what_to_do(folder: Path) -> None:
    (folder / "file").write_text("kept")
    living = folder / "living"
    [listening] = listen_on_path(living, mode=0o600)
    with listening:
        long = folder / ("x" * 200)
        said = {}
        nowhere, fine = folder / "none" / "nowhere", folder / "fine"
        for path, group in ((long, ""), (folder / "file", ""), (living, ""), (nowhere, ""), (fine, "no-such-group")):
            with pytest.raises(CannotListen) as refused:
                listen_on_path(path, mode=0o660, group=group)
            said[path.name] = str(refused.value)
    assert f"{len(str(long))} bytes long" in said[long.name]
    assert "choose a shorter path" in said[long.name]
    assert "no socket" in said["file"]
    assert "Somebody answers" in said["living"]
    assert "cannot be made (No such file or directory)" in said["nowhere"]
    assert "there is none of this name" in said["fine"]
    assert (folder / "file").read_text() == "kept"


def test_only_the_own_socket_is_removed(folder: Path) -> None:
    path = folder / "app.sock"
    [first] = listen_on_path(path, mode=0o600)
    remove_first = removal([first])
    first.close()  # as when its process was killed
    [second] = listen_on_path(path, mode=0o600)
    with second:
        remove_first()
        assert path.exists()
        removal([second])()
        assert not path.exists()
