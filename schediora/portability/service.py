"""A student's export for the student."""

from datetime import datetime
from tempfile import SpooledTemporaryFile

from schediora.audit import Act, Audit
from schediora.http.caller import Caller
from schediora.http.streamed import Streamed
from schediora.portability.writing import write_export
from schediora.rate_limits.rate_limits import RateLimits
from schediora.rate_limits.table import EXPORTS
from schediora.users.queries import email_of

_IN_MEMORY = 1024**2
"""Bytes of a document that are kept in memory; the rest of a larger one waits on the disk."""


class Exports:
    """The students' exports, as this server makes them."""

    def __init__(self, limits: RateLimits, audit: Audit, *, default_timezone: str, release: str) -> None:
        self._limits = limits
        self._audit = audit
        self._default_timezone = default_timezone
        self._release = release

    def of(self, caller: Caller, *, now: datetime) -> Streamed:
        """Return everything of the student's as one document.

        It is whole before any of it is sent: nobody takes half of one for all that they had. Raises LimitReached after
        three in a day, and Unauthenticated when the account is gone.
        """
        user_id, key = caller.user_id, caller.user_id.hex
        self._limits.take(EXPORTS, key)
        file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # closed by who sends it
        try:
            write_export(user_id, file, default_timezone=self._default_timezone, release=self._release, now=now)
            self._audit.done(Act.EXPORT, user_id, email_of(user_id))
        except BaseException:
            file.close()
            self._limits.give_back(EXPORTS, key)
            raise
        return Streamed.whole(file)
