"""The measurements as Prometheus has them, of one process or of several together.

Several processes count in files of a directory that they share. The library decides when it is imported whether they
do, so `schediora.metrics.counting_together` comes first where they are to.
"""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import make_wsgi_app
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from schediora.metrics.measurements import Measurements

_REQUEST_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 12.0)
"""From what a kept answer takes to when the app gives up."""
_WAIT_SECONDS = (0.01, 0.05, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 90.0)
_MODEL_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
SAMPLE_SECONDS = 5.0
"""How often what only this process knows is looked at: it costs no request anything."""


@dataclass(frozen=True, slots=True)
class Read:
    """A number that is read when Prometheus asks: its name, what it says, its label, and the values by that."""

    name: str
    says: str
    label: str
    values: Callable[[], Mapping[str, float]]


class PrometheusMeasurements(Measurements):
    """Counts. A request costs about two microseconds: what belongs to its labels is found in a table of ours."""

    def __init__(self, registry: CollectorRegistry | None) -> None:
        """Count in `registry`, or, with None, in the directory that several processes share."""
        self._requests = Histogram(
            "schediora_request_seconds",
            "Answers by the route's template, with how long they took.",
            ["method", "route", "status"],
            buckets=_REQUEST_SECONDS,
            registry=registry,
        )
        self._waits = Histogram(
            "schediora_job_wait_seconds",
            "How long jobs waited until they were first taken up.",
            buckets=_WAIT_SECONDS,
            registry=registry,
        )
        self._jobs = Counter(
            "schediora_jobs",
            "Jobs that ended, by how, by who wrote the plan, and by why there is none.",
            ["outcome", "source", "failure"],
            registry=registry,
        )
        self._model = Histogram(
            "schediora_model_seconds",
            "How long a model took for a job, by how that ended.",
            ["outcome"],
            buckets=_MODEL_SECONDS,
            registry=registry,
        )
        self._tokens = Counter("schediora_model_tokens", "Tokens that a model took.", ["kind"], registry=registry)
        self._pool = Gauge(
            "schediora_pool_connections_in_use",
            "Connections to the database that work is done on.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._answers = Counter(
            "schediora_kept_answers", "Calls by whether a kept answer served them.", ["outcome"], registry=registry
        )
        self._limits = Counter(
            "schediora_limits_reached", "Calls refused for a limit by rate, by its name.", ["limit"], registry=registry
        )
        self._hit, self._miss = (self._answers.labels(outcome) for outcome in ("hit", "miss"))
        self._by_labels: dict[tuple[str, str, int], Histogram] = {}

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        labels = (method, route, status)
        found = self._by_labels.get(labels)
        if found is None:
            found = self._by_labels[labels] = self._requests.labels(method, route, str(status))
        found.observe(seconds)

    def job_taken(self, waited_seconds: float) -> None:
        """Count the wait."""
        self._waits.observe(max(0.0, waited_seconds))

    def job_ended(self, outcome: str, source: str, failure: str) -> None:
        """Count the end."""
        self._jobs.labels(outcome, source, failure).inc()

    def model_asked(self, outcome: str, seconds: float, prompt_tokens: int, completion_tokens: int) -> None:
        """Count the time and the tokens."""
        self._model.labels(outcome).observe(seconds)
        self._tokens.labels("prompt").inc(prompt_tokens)
        self._tokens.labels("completion").inc(completion_tokens)

    def kept_answer(self, *, hit: bool) -> None:
        """Count the call."""
        (self._hit if hit else self._miss).inc()

    def limit_reached(self, limit: str) -> None:
        """Count the refusal."""
        self._limits.labels(limit).inc()

    @contextmanager
    def sampling(self, connections: Callable[[], int], *, seconds: float = SAMPLE_SECONDS) -> Iterator[None]:
        """Look every so often while the block lasts how many connections are in use, on a thread of its own."""
        stopping = threading.Event()

        def look() -> None:
            while True:
                self._pool.set(connections())
                if stopping.wait(seconds):
                    return

        thread = threading.Thread(target=look, name="metrics", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stopping.set()
            thread.join()


class _Reads:
    """Reads numbers when it is asked; one that cannot be read is left out, and the others are not."""

    def __init__(self, reads: Sequence[Read]) -> None:
        self._reads = reads

    def collect(self) -> Iterable[Metric]:
        """Yield the numbers as they are now."""
        for read in self._reads:
            family = GaugeMetricFamily(read.name, read.says, labels=[read.label])
            with suppress(Exception):  # the database may be away, which its own events say
                for label, value in read.values().items():
                    family.add_metric([label], value)
                yield family


class _Server(ThreadingMixIn, WSGIServer):
    """Answers on a socket that somebody else listens on; several processes may have it."""

    daemon_threads = True

    def __init__(self, listening: socket.socket, registry: CollectorRegistry) -> None:
        super().__init__(listening.getsockname()[:2], _Quietly, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.socket.setblocking(False)  # another process may have taken who was seen coming
        self.server_name, self.server_port = map(str, self.server_address)  # type: ignore[assignment]  # only shown
        self.setup_environ()
        self.set_app(make_wsgi_app(registry))

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = self.socket.accept()
        connection.setblocking(True)
        return connection, address


class _Quietly(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
        """Leave the log to what students do."""


@contextmanager
def exposed(listening: Sequence[socket.socket], registry: CollectorRegistry, reads: Sequence[Read]) -> Iterator[None]:
    """Answer Prometheus on sockets that are `listening` with what is in `registry` and what `reads` say, while the
    block lasts; they are closed then.
    """
    registry.register(_Reads(reads))
    servers = [_Server(opened, registry) for opened in listening]
    threads = [threading.Thread(target=server.serve_forever, name="metrics", daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()


def of_this_process() -> CollectorRegistry:
    """Return a registry for one process."""
    return CollectorRegistry()


def of_all_processes(directory: Path) -> CollectorRegistry:
    """Return a registry with what all processes count in `directory`."""
    registry = CollectorRegistry()
    registry.register(_Together(directory))
    return registry


class _Together(Collector):
    """Adds up what processes count in a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def collect(self) -> Iterable[Metric]:
        """Return the sums. A file that a process makes at the moment is empty, which the library cannot read."""
        files = [str(file) for file in self._directory.glob("*.db") if _has_begun(file)]
        sums: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
        return sums


def _has_begun(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except FileNotFoundError:  # its process has just ended
        return False
