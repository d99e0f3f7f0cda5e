"""The worker: the consumer that hears hints, the heartbeat and the sweeper of one process.

The sweeper finds the jobs that nobody works on, and afterwards deletes what nobody needs any more.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID

from huey.consumer import Consumer

from schediora import log
from schediora.ai.holding import HEARTBEAT_SECONDS
from schediora.ai.jobs import Runner
from schediora.busy.jobs import Keeper
from schediora.db.outages import Outages
from schediora.mail.jobs import Postman
from schediora.purger import Purger
from schediora.queue import Queue

_log = log.get_logger(__name__)

SWEEP_SECONDS = 2.0
CALENDARS_SECONDS = 10.0
"""How often a worker looks for a calendar that is to be expanded anew."""
MAIL_SECONDS = 2.0
"""How often a worker looks for a mail that is due."""
DRAIN_SECONDS = 10.0
"""Jobs that have not finished by then are handed back, well inside the 15 s that a stop may take."""
LAST_SWEEP_SECONDS = 1.5
LAST_MAIL_SECONDS = 1.0
LAST_POLL_SECONDS = 0.2
"""Whoever waits for a message looks up once a second at the latest, which is too long to wait for nothing."""


class QuietConsumer(Consumer):  # type: ignore[misc]  # huey is untyped
    """A consumer that leaves the process's signals to the server."""

    def _set_signal_handlers(self) -> None:
        return

    def leave(self) -> None:
        """Stop; whoever still waits for a message is left behind, takes no job any more, and dies with the process."""
        self.stop_flag.set()
        self._join_workers()


class Worker:
    """The consumer's threads, the heartbeat and the sweeper of one process."""

    def __init__(
        self, queue: Queue, runner: Runner, purger: Purger, keeper: Keeper, postman: Postman | None, *, threads: int
    ) -> None:
        """Work with so many `threads` on plans; without a `postman` no mail is sent."""
        self._queue = queue
        self._runner = runner
        self._purger = purger
        self._keeper = keeper
        self._postman = postman
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
        self._sweeps = Outages(_log, "sweep_failed", over="sweep_resumed")
        self._posts = Outages(_log, "mails_stuck", over="mails_resumed")
        self._stopping = threading.Event()
        self._stopped = threading.Event()
        self._heart = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self._sweeper = threading.Thread(target=self._sweep, name="sweeper", daemon=True)
        self._calendars = threading.Thread(target=self._keep_calendars, name="calendars", daemon=True)
        self._mails = threading.Thread(target=self._send_mails, name="mails", daemon=True)

    def start(self) -> None:
        """Begin to work; returns at once."""
        self._consumer.start()
        self._heart.start()
        self._sweeper.start()
        self._calendars.start()
        if self._postman:
            self._mails.start()

    def stop(self, *, seconds: float = DRAIN_SECONDS) -> None:
        """Take no more jobs, let those in flight finish for `seconds`, and hand the rest back without counting an
        attempt.
        """
        self._stopping.set()
        self._consumer.stop_flag.set()
        self._sweeper.join(timeout=LAST_SWEEP_SECONDS)
        self._runner.holding.drain(seconds)
        if self._mails.is_alive():  # what is sent just now; all else another process sends, or the next start
            self._mails.join(timeout=LAST_MAIL_SECONDS)
        self._stopped.set()
        self._without_queue.shutdown(wait=False, cancel_futures=True)
        self._consumer.leave()

    def _run(self, job_id: UUID) -> None:
        if not self._stopping.is_set():
            self._runner.run(job_id)

    def _beat(self) -> None:
        while not self._stopped.wait(HEARTBEAT_SECONDS):
            self._runner.holding.heartbeat()

    def _sweep(self) -> None:
        everything = True
        while not self._stopping.is_set():
            try:
                waiting = self._runner.waiting(everything=everything)
                for job_id in waiting:
                    if not self._queue.hint(job_id):
                        # The student waits 90 s at most, and the queue may be away for longer.
                        self._without_queue.submit(self._run, job_id)
                everything = False
                purged = self._purger.step()
                self._sweeps.succeeded(wrote=bool(waiting or purged))
            except Exception as error:  # the database may be away for a while; the next sweep tries again
                self._sweeps.failed(error)
            self._stopping.wait(SWEEP_SECONDS)

    def _keep_calendars(self) -> None:
        """Expand calendars beside the sweeper: one may take seconds, for which no job is to wait."""
        while not self._stopping.is_set():
            found = False
            with suppress(Exception):  # the sweeper says what is wrong with the database
                found = self._keeper.step()
            self._stopping.wait(0 if found else CALENDARS_SECONDS)

    def _send_mails(self) -> None:
        """Send mails beside all else: a mail server that hangs is to hold up no plan."""
        while self._postman and not self._stopping.is_set():
            sent = False
            try:
                sent = self._postman.step()
                self._posts.succeeded(wrote=sent)
            except Exception as error:  # the database may be away for a while; what was taken up is due again soon
                self._posts.failed(error)
            self._stopping.wait(0 if sent else MAIL_SECONDS)
