"""The phones and browsers that a student is signed in on: what each calls itself, and ending them."""

import re
from datetime import datetime
from uuid import UUID

from schediora.audit import Act, Audit
from schediora.auth.errors import DeviceNotFound
from schediora.auth.schemas import Device
from schediora.models.auth import SignIn
from schediora.users.queries import email_of

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("Dart", "Schediora app"),
)
"""What a client calls itself, by a word in its `User-Agent`; the first that is there counts, as each names others."""
_SYSTEMS = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_PRODUCT = re.compile(r"[A-Za-z][A-Za-z0-9 ._-]{0,38}")


class Devices:
    """Where students are signed in."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit

    def end(self, user_id: UUID, sign_in_id: UUID, *, now: datetime) -> None:
        """End one of the student's sign-ins; raise DeviceNotFound when they have no such one that lasts."""
        row = (SignIn.id == sign_in_id) & (SignIn.user == user_id)
        lasts = SignIn.revoked_at.is_null() & (SignIn.expires_at > now)
        if not SignIn.update(revoked_at=now).where(row & lasts).execute():
            raise DeviceNotFound()
        self._audit.done(Act.SIGN_OUT_DEVICE, user_id, email_of(user_id))

    def end_others(self, user_id: UUID, current: UUID, *, now: datetime) -> None:
        """End all of the student's sign-ins but the one in use."""
        others = (SignIn.user == user_id) & (SignIn.id != current) & SignIn.revoked_at.is_null()
        SignIn.update(revoked_at=now).where(others).execute()
        self._audit.done(Act.SIGN_OUT_ELSEWHERE, user_id, email_of(user_id))


def devices_of(user_id: UUID, current: UUID, *, now: datetime) -> list[Device]:
    """Return the student's sign-ins that last, the one in use first, then the last used first."""
    lasts = SignIn.revoked_at.is_null() & (SignIn.expires_at > now)
    found = SignIn.select().where((SignIn.user == user_id) & lasts)
    shown = [_device(session, current) for session in found]
    return sorted(shown, key=lambda device: (device.current, device.last_used_at, device.id), reverse=True)


def client_name(user_agent: str | None) -> str:
    """Return what a student would call a client, from its `User-Agent` (RFC 9110, section 10.1.5): "Firefox on Linux",
    "Schediora app"; its product where we know no better, and "Unknown" where it says nothing.
    """
    said = user_agent or ""
    browser = next((name for word, name in _BROWSERS if word in said), None)
    system = next((name for word, name in _SYSTEMS if word in said), None)
    if browser is None:
        product = _PRODUCT.match(said)
        return product[0].strip() if product else "Unknown"
    return f"{browser} on {system}" if system else browser


def _device(session: SignIn, current: UUID) -> Device:
    used = (session.last_used_at or session.rotated_at).replace(minute=0, second=0, microsecond=0)
    return Device(
        id=session.id,
        created_at=session.created_at,
        last_used_at=max(used, session.created_at.replace(minute=0, second=0, microsecond=0)),
        client=client_name(session.client),
        current=session.id == current,
    )
