"""The doctor goes as far as the mail server takes nothing yet."""

from pathlib import Path
from typing import Any

from schediora.doctor.finding import State
from schediora.doctor.surroundings import mail_findings
from schediora.settings.loading import load
from tests.mail.mailbox import PASSWORD, mail_server
from tests.ports import free_port


def looked(tmp_path: Path, **changes: Any) -> tuple[State, str]:
    given = {"data_dir": tmp_path, "mail.from": "s@example.org", "server.public_url": "https://study.example.org"}
    (found,) = mail_findings(load(overrides=given | changes).settings)
    return found.state, found.says


def test_a_mail_server_is_tried_without_sending_anything(tmp_path: Path) -> None:
    assert looked(tmp_path) == (State.OK, looked(tmp_path)[1])
    with mail_server(auth_require_tls=False) as mailbox:
        state, says = looked(tmp_path, **{"mail.url": f"smtp://127.0.0.1:{mailbox.port}"})
        assert (state, "answers" in says) == (State.OK, True)
        state, says = looked(tmp_path, **{"mail.url": f"smtp://schediora:p%40ss%2Fword@127.0.0.1:{mailbox.port}"})
        assert (state, "signed us in" in says, PASSWORD in says) == (State.OK, True, False)
        state, says = looked(tmp_path, **{"mail.url": f"smtp://schediora:wrong@127.0.0.1:{mailbox.port}"})
        assert (state, "refuses" in says, "wrong" in says) == (State.WARNING, True, False)
        assert mailbox.messages == []
    assert looked(tmp_path, **{"mail.url": f"smtp://127.0.0.1:{free_port()}"})[0] is State.WARNING
