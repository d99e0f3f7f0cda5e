"""The queue as a bell: builds Huey, registers the one job, runs the consumer and the sweeper in this process.

Huey deletes a message before it runs and has no acknowledgement, so a message is only a hint that carries a job's id;
the job's row is the truth, and the sweeper rings again for every row that nobody works on.
"""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import SqliteStorage
from redis import ConnectionPool

from schediora import log
from schediora.ai.jobs import HEARTBEAT_SECONDS, Runner
from schediora.config import Settings
from schediora.db.lock import make_data_dir

_log = log.get_logger(__name__)

QUEUE_NAME = "schediora"
HINT_SECONDS = 0.25
"""A student does not wait longer than this for the bell; the sweeper rings again."""
SWEEP_SECONDS = 2.0
DRAIN_SECONDS = 10.0
"""Jobs that have not finished by then are handed back, well inside the 15 s that a stop may take."""
CONNECT_SECONDS = 5
PENDING_HINTS = 32
LAST_POLL_SECONDS = 1.5
"""An idle consumer looks up from its queue once a second."""


class JsonSerializer(Serializer):  # type: ignore[misc]  # huey is untyped
    """Messages as JSON: a pickle would run whatever the queue's writer put in it."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(*json.loads(data))


class NotifiedSqliteStorage(SqliteStorage):  # type: ignore[misc]  # huey is untyped
    """SQLite's queue file, whose readers in this process wake as soon as a message is written."""

    blocking = True
    POLL_SECONDS = 0.5

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._written = threading.Condition()
        super().__init__(*args, **kwargs)

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        """Write a message and wake one reader."""
        super().enqueue(data, priority)
        with self._written:
            self._written.notify()

    def dequeue(self) -> bytes | None:
        """Return the next message; wait for one at most half a second, in case another process wrote it."""
        data = super().dequeue()
        if data is None:
            with self._written:
                self._written.wait(self.POLL_SECONDS)
            data = super().dequeue()
        return data  # type: ignore[no-any-return]  # huey is untyped


class QuietConsumer(Consumer):  # type: ignore[misc]  # huey is untyped
    """A consumer that leaves the process's signals to the server."""

    def _set_signal_handlers(self) -> None:
        return


def build_huey(settings: Settings, *, create_tables: bool = False) -> Huey:
    """Return the queue that the settings name; Postgres's tables are made only with `create_tables` (by `migrate`)."""
    options: dict[str, Any] = {"results": False, "serializer": JsonSerializer()}
    if url := settings.queue.url.get_secret_value():
        pool = ConnectionPool.from_url(url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS)
        return RedisHuey(QUEUE_NAME, connection_pool=pool, **options)
    if settings.on_postgres:
        return PostgresHuey(
            QUEUE_NAME,
            dsn=settings.database_url,
            create_tables=create_tables,
            connect_timeout=CONNECT_SECONDS,
            **options,
        )
    make_data_dir(settings.data_dir)
    path = settings.data_dir / "queue.db"
    return SqliteHuey(QUEUE_NAME, filename=str(path), storage_class=NotifiedSqliteStorage, **options)


def make_queue_tables(settings: Settings) -> None:
    """Make the tables that the queue keeps in a database of ours; only one process may do so at a time."""
    build_huey(settings, create_tables=True).storage.close()


def queue_tables_script(settings: Settings) -> str:
    """Return the SQL of the tables that the queue keeps in Postgres; empty when it lives elsewhere."""
    if not settings.on_postgres or settings.queue.url.get_secret_value():
        return ""
    return "".join(f"\n{statement};\n" for statement in build_huey(settings).storage.ddl)


class Queue:
    """This process's end of the queue: rings for jobs, and hands those that it hears of to its listener, if it has
    one.
    """

    def __init__(self, huey: Huey) -> None:
        self.huey = huey
        self.listener: Callable[[UUID], None] | None = None
        self._task = huey.task(name="generate_plan")(self._heard)
        self._closing = threading.Lock()
        huey.on_shutdown(name="close")(self._let_go)  # each consumer's thread has a connection of its own
        self._ringer = ThreadPoolExecutor(1, thread_name_prefix="bell")
        self._places = threading.BoundedSemaphore(PENDING_HINTS)

    def ring(self, job_id: UUID) -> bool:
        """Send the hint for a job and tell whether it was sent; one that is not, within 250 ms, is logged."""
        sent = self._asked(lambda: self._task(str(job_id)))
        if not sent:
            _log.warning("hint_failed", job_id=str(job_id), reason="the queue does not answer")
        return sent

    def answers(self) -> bool:
        """Tell whether the queue can be asked right now."""
        return self._asked(self.huey.storage.queue_size)

    def close(self) -> None:
        """Stop ringing and let go of the queue."""
        self._ringer.shutdown(wait=False, cancel_futures=True)
        self._let_go()

    def _let_go(self) -> None:
        with self._closing:
            self.huey.storage.close()

    def _asked(self, question: Callable[[], Any]) -> bool:
        """Tell whether the queue answered: a dead one costs its asker 250 ms, and nothing once many wait already."""
        if not self._places.acquire(blocking=False):
            return False
        answer = self._ringer.submit(question)
        answer.add_done_callback(lambda _: self._places.release())
        try:
            answer.result(HINT_SECONDS)
        except Exception:  # whatever a storage raises: the queue is only a bell
            return False
        return True

    def _heard(self, job_id: str) -> None:
        if self.listener is not None:
            self.listener(UUID(job_id))


class Worker:
    """The consumer's threads, the heartbeat and the sweeper of one process."""

    def __init__(self, queue: Queue, runner: Runner, *, threads: int) -> None:
        self._queue = queue
        self._runner = runner
        queue.listener = self._run
        self._consumer = QuietConsumer(
            queue.huey,
            workers=threads,
            periodic=False,
            initial_delay=0.05,
            max_delay=0.5,
            check_worker_health=False,
            shutdown_timeout=LAST_POLL_SECONDS,
        )
        self._without_queue = ThreadPoolExecutor(threads, thread_name_prefix="direct")
        self._stopping = threading.Event()
        self._stopped = threading.Event()
        self._heart = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self._sweeper = threading.Thread(target=self._sweep, name="sweeper", daemon=True)

    def start(self) -> None:
        """Begin to work; returns at once."""
        self._consumer.start()
        self._heart.start()
        self._sweeper.start()

    def stop(self, *, seconds: float = DRAIN_SECONDS) -> None:
        """Take no more jobs, let those in flight finish for `seconds`, and hand the rest back without counting an
        attempt.
        """
        self._stopping.set()
        self._consumer.stop_flag.set()
        self._sweeper.join(timeout=LAST_POLL_SECONDS)
        self._runner.drain(seconds)
        self._stopped.set()
        self._without_queue.shutdown(wait=False, cancel_futures=True)
        self._consumer.stop(graceful=True)

    def _run(self, job_id: UUID) -> None:
        if not self._stopping.is_set():
            self._runner.run(job_id)

    def _beat(self) -> None:
        while not self._stopped.wait(HEARTBEAT_SECONDS):
            self._runner.heartbeat()

    def _sweep(self) -> None:
        everything = True
        while not self._stopping.is_set():
            try:
                for job_id in self._runner.waiting(everything=everything):
                    if not self._queue.ring(job_id):
                        # The student waits 90 s at most, and the queue may be away for longer.
                        self._without_queue.submit(self._run, job_id)
                everything = False
            except Exception:  # the database may be away for a while; the next sweep tries again
                _log.exception("sweep_failed")
            self._stopping.wait(SWEEP_SECONDS)
