"""The queue: builds Huey, registers the one job, and sends and hears the hints that wake a consumer.

Huey deletes a message before it runs and has no acknowledgement, so a message is only a hint that carries a job's id;
the job's row is the truth, and the worker's sweeper hints again at every row that nobody works on.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from huey import Huey, RedisHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import PostgresStorage, SqliteStorage
from redis import ConnectionPool

from schediora import log
from schediora.data_dir import make_data_dir
from schediora.db.postgres import PostgresConnection, connect_postgres
from schediora.settings.values import Settings

_log = log.get_logger(__name__)

QUEUE_NAME = "schediora"
HINT_SECONDS = 0.25
"""A student does not wait longer than this for a hint to be sent; the sweeper sends it again."""
CONNECT_SECONDS = 5
PENDING_HINTS = 32


class JsonSerializer(Serializer):  # type: ignore[misc]  # huey is untyped
    """Messages as JSON: a pickle would run whatever the queue's writer put in it."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(*json.loads(data))


class NotifiedSqliteStorage(SqliteStorage):  # type: ignore[misc]  # huey is untyped
    """SQLite's queue file, whose readers wake as soon as a message is written: of their own process's they are told,
    and one of them looks out for those of others.
    """

    blocking = True
    WAIT_SECONDS = 0.5
    LOOK_SECONDS = 0.02
    """A look takes some 10 us: a number that the file counts up, as another connection commits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._written = threading.Condition()
        self._somebody_looks = False
        self._own_messages = 0
        super().__init__(*args, **kwargs)

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        """Write a message and wake one reader."""
        super().enqueue(data, priority)
        with self._written:
            self._own_messages += 1
            self._written.notify()

    def dequeue(self) -> bytes | None:
        """Return the next message; wait for one at most half a second."""
        until = time.monotonic() + self.WAIT_SECONDS
        while True:
            before = self._writes()
            data: bytes | None = super().dequeue()
            if data is not None or time.monotonic() >= until:
                with self._written:
                    self._written.notify()  # there may be more messages, and somebody has to look out
                return data
            self._wait(before, until)

    def _wait(self, before: tuple[int, int], until: float) -> None:
        """Wait until more was written than `before`: look out for that, unless another reader does."""
        with self._written:
            if self._somebody_looks:
                if self._own_messages == before[1]:
                    self._written.wait(until - time.monotonic())
                return
            self._somebody_looks = True
            try:
                while self._writes() == before and time.monotonic() < until:
                    if self._written.wait(self.LOOK_SECONDS):
                        break
            finally:
                self._somebody_looks = False

    def _writes(self) -> tuple[int, int]:
        """Return how often others have committed, and how many messages were written here."""
        with self.db() as cursor:
            ((commits,),) = cursor.execute("PRAGMA data_version").fetchall()
        return int(commits), self._own_messages


class PostgresQueueStorage(PostgresStorage):  # type: ignore[misc]  # huey is untyped
    """The queue's tables in Postgres, whose readers hear of a message at once where they can listen.

    A pooler passes no notification on. Without a direct way around it nobody listens, and the readers look by
    themselves, twice a second once they have found nothing for a while.
    """

    def __init__(self, *args: Any, url: str, direct_url: str, **kwargs: Any) -> None:
        self._url = url
        self._direct_url = direct_url
        super().__init__(*args, **kwargs)

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        """Write a message and notify the listeners."""
        with self._dropping_what_is_read_only():
            super().enqueue(data, priority)

    def dequeue(self) -> bytes | None:
        """Return the next message, after waiting for one where that is of use."""
        with self._dropping_what_is_read_only():
            with self.lock:
                self.blocking = bool(self._direct_url) or self.conn.direct
            return super().dequeue()  # type: ignore[no-any-return]  # huey is untyped

    def _create_connection(self) -> PostgresConnection:
        return connect_postgres(self._url)

    def _connect(self) -> PostgresConnection:
        """Connect to listen."""
        return connect_postgres(self._direct_url or self._url)

    @contextmanager
    def _dropping_what_is_read_only(self) -> Iterator[None]:
        """Connect anew after a failover: a primary that was demoted keeps its connections."""
        try:
            yield
        except psycopg.errors.ReadOnlySqlTransaction:
            self.close()
            raise


def build_huey(settings: Settings, *, create_tables: bool = False) -> Huey:
    """Return the queue that the settings name; Postgres's tables are made only with `create_tables` (by `migrate`)."""
    options: dict[str, Any] = {"results": False, "serializer": JsonSerializer()}
    if url := settings.queue.url.get_secret_value():
        pool = ConnectionPool.from_url(url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS)
        return RedisHuey(QUEUE_NAME, connection_pool=pool, **options)
    if settings.on_postgres:
        return Huey(
            QUEUE_NAME,
            storage_class=PostgresQueueStorage,
            url=settings.database_url,
            direct_url=settings.database.direct_url.get_secret_value(),
            create_tables=create_tables,
            **options,
        )
    make_data_dir(settings.data_dir)
    path = settings.data_dir / "queue.db"
    return SqliteHuey(QUEUE_NAME, filename=str(path), storage_class=NotifiedSqliteStorage, **options)


def make_queue_tables(settings: Settings) -> None:
    """Make the tables that the queue keeps in a database of ours; only one process may do so at a time."""
    build_huey(settings, create_tables=True).storage.close()


def queue_tables(settings: Settings) -> list[str]:
    """Return the statements that make the queue's tables in Postgres; none where it lives elsewhere."""
    if not settings.on_postgres or settings.queue.url.get_secret_value():
        return []
    return list(build_huey(settings).storage.ddl)


class Queue:
    """This process's end of the queue: sends hints, and hands those that it hears to its listener, if it has one."""

    def __init__(self, huey: Huey) -> None:
        self.huey = huey
        self.listener: Callable[[UUID], None] | None = None
        self._task = huey.task(name="generate_plan")(self._heard)
        self._closing = threading.Lock()
        huey.on_shutdown(name="close")(self._let_go)  # each consumer's thread has a connection of its own
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="hints")
        self._places = threading.BoundedSemaphore(PENDING_HINTS)

    def hint(self, job_id: UUID) -> bool:
        """Send the hint for a job and tell whether it was sent; one that is not, within 250 ms, is logged."""
        sent = self._asked(lambda: self._task(str(job_id)))
        if not sent:
            _log.warning("hint_failed", job_id=str(job_id), reason="the queue does not answer")
        return sent

    def answers(self) -> bool:
        """Tell whether the queue can be asked right now."""
        return self._asked(self.huey.storage.queue_size)

    def close(self) -> None:
        """Send no more hints and let go of the queue."""
        self._sender.shutdown(wait=False, cancel_futures=True)
        self._let_go()

    def _let_go(self) -> None:
        with self._closing:
            self.huey.storage.close()

    def _asked(self, question: Callable[[], Any]) -> bool:
        """Tell whether the queue answered: a dead one costs its asker 250 ms, and nothing once many wait already."""
        if not self._places.acquire(blocking=False):
            return False
        answer = self._sender.submit(question)
        answer.add_done_callback(lambda _: self._places.release())
        try:
            answer.result(HINT_SECONDS)
        except Exception:  # whatever a storage raises: a hint is no more than that
            return False
        return True

    def _heard(self, job_id: str) -> None:
        if self.listener is not None:
            self.listener(UUID(job_id))
