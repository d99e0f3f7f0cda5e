"""A model server for tests and benchmarks: OpenAI's chat completions over real HTTP, as good or bad as told.

    with ModelServer(server_error(), good()) as server:
        ...  # the first call to server.base_url gets a 500, all later ones a plan
        server.calls[0].topic

The behaviours are in `tests.model_behaviours`. `python -m tests.model_server --failing 0.4 --delay 0.5` prints its base
URL and serves until it is interrupted.
"""

import argparse
import json
import ssl
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.model_behaviours import Behaviour, good, mixed
from tests.model_exchange import Call, Exchange
from tests.ports import free_port


def refused_url() -> str:
    """Return the base URL of a port where nobody listens."""
    return f"http://127.0.0.1:{free_port()}/v1"


class ModelServer:
    """Plays its behaviours in turn, the last one for ever, and keeps every call; listens inside its `with` block."""

    def __init__(self, *behaviours: Behaviour, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.behaviours: list[Behaviour] = list(behaviours) or [good()]
        self.calls: list[Call] = []
        self.models: list[str] = ["tiny", "large"]
        self.asked_models = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._http = _Server(("127.0.0.1", port), self._handler())
        self._scheme = "http"
        if tls is not None:
            self._scheme = "https"
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        """Return what to set as `[ai] base_url`."""
        return f"{self._scheme}://127.0.0.1:{self._http.server_port}/v1"

    def behave(self, *behaviours: Behaviour) -> None:
        """Play these from the next call on."""
        with self._lock:
            self.behaviours = list(behaviours)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _next(self, call: Call) -> Behaviour:
        with self._lock:
            self.calls.append(call)
            return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                call = Call(self.path, {k.lower(): v for k, v in self.headers.items()}, json.loads(body))
                try:
                    server._next(call)(Exchange(call, self, server._stopping))
                except OSError:
                    self.close_connection = True  # the caller has given up, as it should on some of these

            def do_GET(self) -> None:
                server.asked_models += 1
                body = json.dumps({"object": "list", "data": [{"id": name} for name in server.models]}).encode()
                Exchange(Call(self.path, {}, {}), self, server._stopping).send(body)

            def log_message(self, format: str, *args: object) -> None:
                """Keep the tests' output clean."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--failing", type=float, default=0.0, help="the share of calls that fail")
    parser.add_argument("--delay", type=float, default=0.5, help="seconds before a good answer")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with ModelServer(mixed(options.seed, failing=options.failing, delay=options.delay), port=options.port) as server:
        print(server.base_url, flush=True)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
