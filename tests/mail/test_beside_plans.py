"""Mails and plans do not wait for each other, and a mail outlives its server."""

import threading
import time
from collections.abc import Callable
from contextlib import closing

from falcon.testing import TestClient

from schediora.app import create_app, create_queue, create_worker
from schediora.auth.passwords import Hasher
from schediora.db.database import Database
from schediora.settings.values import Settings
from tests.client import Api, register_student
from tests.conftest import KEYS
from tests.mail.mailbox import Mailbox

PATIENCE_SECONDS = 30


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_mail_server_that_hangs_holds_up_no_plan_and_no_stop(
    settings: Settings, database: Database, hasher: Hasher, mailbox: Mailbox
) -> None:
    mailbox.silent = True
    queue = create_queue(settings)
    api = Api(TestClient(create_app(settings, database=database, queue=queue, keys=KEYS, hasher=hasher)))
    worker = create_worker(settings, database=database, queue=queue)
    with closing(queue):
        worker.start()
        try:
            student = register_student(api)
            wait_for(lambda: mailbox.asked > 0)
            wish = {"goal": "Pass", "topic": "Biology", "week": "next"}
            job = student.post("/ai/plans/generate", wish).json["job_id"]
            wait_for(lambda: student.get(f"/ai/jobs/{job}").json["status"] == "completed")
            assert mailbox.messages == []
        finally:
            worker.stop()
            mailbox.silent = False
            wait_for(lambda: "mails" not in {thread.name for thread in threading.enumerate()})
