"""The audit: one line in the log for whatever happens to an account, so that an operator can tell afterwards what was
done to whom, when, from where and with what outcome.

A line has the event, `user_id`, `email_hash`, `address`, `client`, `outcome` and `via`, and never what anybody could
sign in with. Which acts have one stands in docs/operating.md, and why in OWASP ASVS 5, chapter V16.
"""

import hashlib
import hmac
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from schediora import log
from schediora.db.base import after_commit

_log = log.get_logger(__name__)

DONE = "done"
"""The outcome of what happened; what was refused has the code of the error."""
MOST_SAID = 10_000
"""Limits of somebody that are remembered as said; the one that was said longest ago is forgotten first."""
_HASH_BYTES = 16


class Act(StrEnum):
    """What has a line, under the name of its event."""

    REGISTRATION = "audit_registration"
    SIGN_IN = "audit_sign_in"
    REFRESH = "audit_refresh"
    SIGN_OUT = "audit_sign_out"
    SIGN_OUT_DEVICE = "audit_sign_out_device"
    SIGN_OUT_ELSEWHERE = "audit_sign_out_elsewhere"
    SIGN_OUT_EVERYWHERE = "audit_sign_out_everywhere"
    PASSWORD_CHANGE = "audit_password_change"
    PASSWORD_LINK = "audit_password_link"
    PASSWORD_RESET = "audit_password_reset"
    EMAIL_CHANGE = "audit_email_change"
    EMAIL_CONFIRMATION = "audit_email_confirmation"
    DELETION = "audit_deletion"
    EXPORT = "audit_export"
    IMPORT = "audit_import"
    FEED = "audit_feed"
    FEED_END = "audit_feed_end"
    LIMIT = "audit_limit"


class Audit:
    """Writes the lines. `keys` are the server's: addresses are hashed under the first, and left out where there is
    none; `via` says whether it was a call or a command that did it.
    """

    def __init__(self, keys: Iterable[bytes], *, via: str = "call") -> None:
        self._key = next(iter(keys), None)
        self._via = via
        self._limits = _Said()

    def done(self, act: Act, user_id: UUID | None, email: str | None = None) -> None:
        """Write that `act` was done to a student, once that is there for everybody: what is rolled back was not."""
        line = self._line(user_id, email, DONE)
        after_commit(lambda: _log.log(logging.INFO, str(act), **line))

    def refused(self, act: Act, outcome: str, user_id: UUID | None = None, email: str | None = None) -> None:
        """Write, at once, that `act` was asked for and refused for `outcome`, the code of an error. What was typed as
        an address may belong to nobody.
        """
        _log.log(logging.WARNING, str(act), **self._line(user_id, email, outcome))

    def limit_reached(
        self,
        limit: str,
        seconds: int,
        *,
        of: str,
        now: datetime,
        outcome: str,
        user_id: UUID | None = None,
        email: str | None = None,
    ) -> None:
        """Write that `limit` was reached by whoever it counts `of`, once in the `seconds` of its window and process."""
        if self._limits.first(f"{limit} {of}", now, seconds):
            _log.log(logging.WARNING, str(Act.LIMIT), limit=limit, **self._line(user_id, email, outcome))

    def _line(self, user_id: UUID | None, email: str | None, outcome: str) -> dict[str, str | None]:
        return {
            "user_id": str(user_id) if user_id else None,
            "email_hash": self._hash(email) if email else None,
            "client": log.client(),
            "outcome": outcome,
            "via": self._via,
        }

    def _hash(self, email: str) -> str | None:
        """Return what stands for an address in its stored form; who has not the key cannot try addresses."""
        if self._key is None:
            return None
        return hmac.digest(self._key, email.encode(), hashlib.sha256)[:_HASH_BYTES].hex()


class _Said:
    """What was said already, and until when it is not said again: who is refused a thousand times fills no log."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, what: str, now: datetime, seconds: int) -> bool:
        """Tell whether `what` is to be said, and remember for `seconds` that it was."""
        with self._lock:
            if what in self._until and now < self._until[what]:
                return False
            self._until[what] = now + timedelta(seconds=seconds)
            self._until.move_to_end(what)
            if len(self._until) > MOST_SAID:
                self._until.popitem(last=False)
            return True
