"""What is to be sent: rows that whoever changes something writes in the same transaction, so that no mail is lost."""

import math
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from schediora.models.mail import Mail, MailKind

APART = timedelta(minutes=1)
"""No mail of a kind goes to an address twice within it, whether it was asked for twice or tried twice."""
LEASE = timedelta(minutes=1)
"""So long whoever took a mail up has it alone; it must outlast every sending."""
RESETS_AN_HOUR = 3
"""To an address: nobody fills another's mailbox, and each link lasts half an hour."""
_HOUR = timedelta(hours=1)


class Outbox:
    """Where mails are left; a server without mail `sends` none and keeps none."""

    def __init__(self, *, sends: bool) -> None:
        self.sends = sends

    def order(self, kind: MailKind, address: str, user_id: UUID | None, *, now: datetime) -> None:
        """Have a mail sent to `address` (in its stored form), in the caller's transaction; the same work whoever
        that is.

        One that still waits stands for both; it is tried at once where its last try is over. A second one within
        a minute waits for the rest of it. Beyond three links for a new password in an hour none is sent.
        """
        if not self.sends:
            return
        mail = _locked(kind, address, now)
        mail.user_id, mail.asked_at = user_id, now
        if mail.due_at is None:
            self._begin(mail, now)
        elif mail.tries and mail.tried_at + LEASE <= now:
            mail.due_at = now
        mail.save()

    def _begin(self, mail: Mail, now: datetime) -> None:
        within = [second for second in mail.asked if second > (now - _HOUR).timestamp()]
        if mail.kind is MailKind.RESET and len(within) >= RESETS_AN_HOUR:
            return
        last = [datetime.fromtimestamp(second, now.tzinfo) for second in within]
        mail.due_at = max([now, *(moment + APART for moment in (*last, mail.tried_at) if moment)])
        mail.asked, mail.tries = [*within, math.ceil(mail.due_at.timestamp())], 0

    def withdraw(self, address: str, kinds: Collection[MailKind] = tuple(MailKind)) -> None:
        """Send no more of `kinds` that wait for `address`, in the caller's transaction."""
        Mail.update(due_at=None).where((Mail.address == address) & Mail.kind.in_(kinds)).execute()


def forget(address: str) -> None:
    """Delete all that was to be sent or was sent to an address whose student leaves, in the caller's transaction."""
    Mail.delete().where(Mail.address == address).execute()


def due(now: datetime) -> Mail | None:
    """Return the mail that has been due for longest, as it was before it was taken up: from now on nobody else has it
    for a minute. None where none is due, or another process was quicker.
    """
    found: Mail | None = Mail.select().where(Mail.due_at <= now).order_by(Mail.due_at).first()
    if found is None:
        return None
    taken = Mail.update(due_at=now + LEASE, tried_at=now, tries=Mail.tries + 1)
    return found if taken.where(_is(found) & (Mail.due_at == found.due_at)).execute() else None


def put_off(taken: Mail, taken_at: datetime, *, until: datetime | None) -> None:
    """Have a mail that was taken up tried again at an instant, or never."""
    Mail.update(due_at=until).where(_is(taken) & (Mail.tried_at == taken_at) & Mail.due_at.is_null(False)).execute()


def drop(taken: Mail) -> None:
    """Let go of a mail that nobody is to get, unless it was asked for again meanwhile."""
    Mail.update(due_at=None).where(_is(taken) & (Mail.asked_at == taken.asked_at)).execute()


def _is(mail: Mail) -> Any:
    return (Mail.address == mail.address) & (Mail.kind == mail.kind)


def _locked(kind: MailKind, address: str, now: datetime) -> Mail:
    """Return the row of a kind and an address, made if need be, which nobody else writes until the transaction ends."""
    row = {"address": address, "kind": kind, "asked": [], "asked_at": now, "tries": 0}
    Mail.insert(row).on_conflict_ignore().execute()
    query = Mail.select().where((Mail.address == address) & (Mail.kind == kind))
    if Mail._meta.database.for_update:
        query = query.for_update()
    found: Mail = query.get()
    return found
