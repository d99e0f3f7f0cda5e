"""A fleet of published apps that keeps starting: each signs its student out when it can neither see who is signed in
nor refresh.
"""

import http.client
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.live import Answer
from tests.published_app import REQUEST_SECONDS, App, Json

PAUSE_SECONDS = 0.1
"""Between two starts of one phone."""


@dataclass
class Fleet:
    """How often apps were started, how long that took, and whose sign-in was lost on the way."""

    seconds: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def on_port(port: int, tokens: tuple[str, str]) -> App:
    """Return the app of who has `tokens`, on a phone that opens a connection for each call."""

    def send(method: str, path: str, fields: Json | None, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=REQUEST_SECONDS)
        try:
            body = None if fields is None else json.dumps(fields).encode()
            connection.request(method, f"/api/v1{path}", body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read())
        except http.client.HTTPException as error:
            raise OSError(str(error)) from None
        finally:
            connection.close()

    return App(send, pause=time.sleep, access_token=tokens[0], refresh_token=tokens[1])


@contextmanager
def keeps_starting(port: int, phones: Sequence[tuple[str, str]], pause: float = PAUSE_SECONDS) -> Iterator[Fleet]:
    """Start the app of each of `phones` again and again while the body runs, every other time to refresh."""
    fleet, until = Fleet(), threading.Event()

    def life(tokens: tuple[str, str]) -> None:
        app, starts = on_port(port, tokens), 0
        while not until.wait(pause) and app.signed_in:
            starts += 1
            if starts % 2:
                app.access_token = "expired"
            began = time.monotonic()
            app.start()
            fleet.seconds.append(time.monotonic() - began)
            if not app.signed_in:
                fleet.lost.append(f"after {time.monotonic() - began:.1f} s")

    threads = [threading.Thread(target=life, args=(tokens,)) for tokens in phones]
    for thread in threads:
        thread.start()
    try:
        yield fleet
    finally:
        until.set()
        for thread in threads:
            thread.join(4 * REQUEST_SECONDS)
