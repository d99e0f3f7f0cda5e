"""What of sign-ins nobody needs any more."""

from datetime import datetime, timedelta

from schediora.auth.familiar import FAMILIAR_DAYS
from schediora.models.auth import FamiliarAddress, SignIn

KEPT_AFTER_THE_END = timedelta(days=7)
"""So long an ended sign-in is kept: a clock that is put right by days finds alive what it had called ended."""


def purge(now: datetime, *, rows: int) -> int:
    """Delete up to `rows` sign-ins that ended a week ago and, of as many students, the addresses that have not been
    familiar for as long; return how many rows that were.
    """
    return _sign_ins(now, rows) + _addresses(now, rows)


def _sign_ins(now: datetime, rows: int) -> int:
    ended = SignIn.expires_at <= now - KEPT_AFTER_THE_END
    found = [row.id for row in SignIn.select(SignIn.id).where(ended).order_by(SignIn.expires_at).limit(rows)]
    return int(SignIn.delete().where(SignIn.id.in_(found) & ended).execute()) if found else 0


def _addresses(now: datetime, rows: int) -> int:
    strange = FamiliarAddress.day < now.date() - timedelta(days=FAMILIAR_DAYS) - KEPT_AFTER_THE_END
    found = FamiliarAddress.select(FamiliarAddress.user).where(strange).order_by(FamiliarAddress.day).limit(rows)
    users = {row.user_id for row in found}
    return int(FamiliarAddress.delete().where(FamiliarAddress.user.in_(users) & strange).execute()) if users else 0
