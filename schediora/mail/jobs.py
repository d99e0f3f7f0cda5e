"""What a worker does for mail: takes up what is due, writes it, and hands it in at the mail server."""

from datetime import datetime, timedelta

from schediora import log
from schediora.clock import Clock
from schediora.db.database import Database, connected
from schediora.mail import links, outbox
from schediora.mail.errors import NotSent
from schediora.mail.letters import Letters, Reader
from schediora.mail.sender import Sender
from schediora.models.mail import LinkPurpose, Mail, MailKind
from schediora.models.users import User
from schediora.subjects.language import plan_language
from schediora.users.queries import caller_of, preferences_of, user_by_email

_log = log.get_logger(__name__)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15))
"""Between tries; the last one goes on."""
MOST_TRIES = 100
"""About a day: then nobody waits for it any more."""
MOST_REFUSALS = 4
"""A mailbox that is not there is asked no more, after 8 minutes: grey lists and full mailboxes mostly say so first."""
_OF_OLD_ADDRESS = MailKind.ADDRESS_CHANGED


class Postman:
    """Sends the mails of all students, one at a time; several processes may have one each."""

    def __init__(
        self, database: Database, clock: Clock, sender: Sender, letters: Letters, *, default_timezone: str
    ) -> None:
        self._database = database
        self._clock = clock
        self._sender = sender
        self._letters = letters
        self._default_timezone = default_timezone
        self._away_until: datetime | None = None

    def step(self) -> bool:
        """Send the mail that has been due for longest, if there is one, and tell whether there was.

        It is sent once. Where this process dies after the server took it and before that was noted it is sent again a
        minute later; where it dies before, too.
        """
        now = self._clock()
        if self._away_until and now < self._away_until:
            return False
        with connected(self._database):
            mail = outbox.due(now)
            if mail is None:
                return False
            reader, token = self._addressed(mail, now) if mail.tries < MOST_TRIES else (None, None)
        if reader is None:
            with connected(self._database):
                outbox.drop(mail)
            return True
        letter = self._letters.write(mail.kind, reader, token, asked_at=mail.asked_at)
        again_at = None
        try:
            self._sender.send(letter)
        except NotSent as problem:
            again_at = self._after(mail, problem)
        else:
            _log.info("mail_sent", kind=str(mail.kind))
        with connected(self._database):
            outbox.put_off(mail, now, until=again_at)
        return True

    def _addressed(self, mail: Mail, now: datetime) -> tuple[Reader | None, str | None]:
        """Return who gets the mail, with the token of its link if it has one; nobody where the address is not the
        student's any more.
        """
        user = user_by_email(mail.address) if mail.kind is not _OF_OLD_ADDRESS else _student(mail)
        student = caller_of(user.id, self._default_timezone) if user else None
        if user is None or student is None or (mail.kind is MailKind.CONFIRM and user.email_confirmed_at):
            return None, None
        said = preferences_of(user.id)
        language = plan_language(
            next(iter(said.focus_topics), ""), said.goal or "", chosen=said.language, zone=student.zone.key, last=None
        )
        token = None
        if mail.kind in (MailKind.RESET, MailKind.CONFIRM):
            token = links.make(user.id, LinkPurpose(mail.kind), mail.address, now=now)
        return Reader(mail.address, language, student.zone), token

    def _after(self, mail: Mail, problem: NotSent) -> datetime | None:
        """Return when to try again after what went wrong; None for never."""
        tries = mail.tries + 1
        _log.warning("mail_failed", kind=str(mail.kind), reason=str(problem), tries=tries)
        now = self._clock()
        if problem.away:
            self._away_until = now + PAUSES[0]
        given_up = tries >= (MOST_REFUSALS if problem.refused else MOST_TRIES)
        return None if given_up else now + PAUSES[min(tries, len(PAUSES)) - 1]


def _student(mail: Mail) -> User | None:
    return User.get_or_none(User.id == mail.user_id)
