"""What of mails and links nobody needs any more."""

from datetime import datetime, timedelta
from typing import Any

from schediora.models.mail import Link, Mail

KEPT = timedelta(hours=1)
"""So long after it was asked for a mail is counted; a stranger's address is kept no longer."""


def purge(now: datetime, *, rows: int) -> int:
    """Delete up to `rows` links whose time is over and as many mails that count no more; return how many that were."""
    return _some(Link, Link.token_hash, Link.expires_at <= now, rows) + _mails(now, rows)


def _mails(now: datetime, rows: int) -> int:
    old = Mail.due_at.is_null() & (Mail.asked_at <= now - KEPT)
    return _some(Mail, Mail.address, old, rows)


def _some(model: Any, name: Any, which: Any, rows: int) -> int:
    found = [row[0] for row in model.select(name).where(which).limit(rows).tuples()]
    return int(model.delete().where(name.in_(found) & which).execute()) if found else 0
