"""A call that is sent again with the same `Idempotency-Key` has one effect, and gets the first answer again.

The answer is stored in the transaction of the effect, so a process that dies in between has done either both or
neither. draft-ietf-httpapi-idempotency-key-header-07 says what the header means.
"""

import hashlib
import hmac
import json
import re
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import falcon
import peewee
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from schediora.db.base import forget_writes, one_effect
from schediora.db.database import UNREACHABLE
from schediora.errors import Code, Conflict, Invalid, Unauthenticated
from schediora.http.operation import Request, operation_of
from schediora.models.idempotency import IdempotencyKey
from schediora.models.users import User

KEPT = timedelta(hours=24)
MOST_KEYS = 200
"""Of a student; the one begun longest ago goes for one more."""
GIVEN_UP = timedelta(seconds=15)
"""A call that began so long ago and has had no effect has died with its server, or its sender, who waits 12 s, has left
it: whoever sends it again takes it over, and it has no effect any more.
"""
_KEY = re.compile(r"[A-Za-z0-9._-]{1,128}")
_KEPT_HEADERS = ("Location", "Retry-After", "Cache-Control")


class IdempotencyKeyReused(Invalid):
    """This Idempotency-Key was used for something else before; give every new call a key of its own."""

    code = Code.IDEMPOTENCY_KEY_REUSED


class RequestInProgress(Conflict):
    """This is being done already. Please wait a moment and try again."""

    code = Code.REQUEST_IN_PROGRESS


class Once:
    """Has an authenticated POST done once for each key that its sender gave it.

    Comes after what finds out who is calling. `keys` are 32 bytes each: the first writes, what any of them wrote is
    read.
    """

    def __init__(self, keys: Iterable[bytes]) -> None:
        self._keys = tuple(keys)
        self._codec = MultiFernet([Fernet(urlsafe_b64encode(key)) for key in self._keys])

    def process_resource(self, req: Request, resp: falcon.Response, resource: object, _params: dict[str, Any]) -> None:
        """Hand the responder what does its work once, where the call has a key; raise Invalid for what is no key."""
        if req.method != "POST":
            return
        key, record = req.get_header("Idempotency-Key"), operation_of(getattr(resource, "on_post", None))
        if key is None or record is None or record.public:
            return
        if not _KEY.fullmatch(key):
            raise Invalid([_fault("Idempotency-Key may have 1 to 128 letters, digits, dots, dashes and underscores.")])
        call = _Call(req, key)
        req.context.once = lambda work: self._once(call, resp, work)

    def _once(self, call: "_Call", resp: falcon.Response, work: Callable[[], None]) -> None:
        """Do `work`, which fills in `resp`, or fill in what it was answered before.

        What fails has no effect and is not kept: sent again, it is judged anew. Raises IdempotencyKeyReused for another
        call or body than before, and RequestInProgress while somebody is at it. Where the database is away, the key
        stays taken: the same call may come here again once it is back.
        """
        if (answer := call.begin(self._keys)) is not None:
            self._repeat(answer, resp)
            return
        try:
            with one_effect():
                work()
                call.keep(self._codec.encrypt(_packed(resp)))
        except UNREACHABLE:
            raise
        except BaseException:
            with suppress(*UNREACHABLE):  # then it is given up in its time
                call.give_up()
            raise

    def _repeat(self, answer: bytes, resp: falcon.Response) -> None:
        try:
            said = json.loads(zlib.decompress(self._codec.decrypt(answer)))
        except InvalidToken:  # written under a key that the operator has retired since
            raise RequestInProgress("This was done already. Please look at your plan.") from None
        resp.status = said["status"]
        for name, value in said["headers"].items():
            resp.set_header(name, value)
        if said["body"] is not None:
            resp.content_type = falcon.MEDIA_JSON
            resp.data = said["body"].encode()


class _Call:
    """One call as its sender named it, and its row."""

    _taken = False

    def __init__(self, req: Request, key: str) -> None:
        self._user_id: UUID = req.context.caller.user_id
        self._now: datetime = req.context.now
        self._key = key
        self._call = f"{req.method} {req.path}"
        self._request = req.context
        self._row = (IdempotencyKey.user == self._user_id) & (IdempotencyKey.key == key)
        self._ours = self._row & (IdempotencyKey.begun_at == self._now) & IdempotencyKey.answer.is_null()

    def begin(self, keys: Iterable[bytes]) -> bytes | None:
        """Take the key for this call, or return the answer that is there already.

        Raises Unauthenticated when the account is gone.
        """
        if self._taken:
            return None
        macs = [hmac.digest(key, self._request.body, hashlib.sha256).hex() for key in keys]
        try:
            found = self._found(macs[0])
        except peewee.IntegrityError:  # their row is gone: the account was deleted since they were let in
            raise Unauthenticated("This account no longer exists.") from None
        if self._taken:
            forget_writes()  # the key alone is no reason not to run the call again
            return None
        if found is not None and (found.call != self._call or found.body_mac not in macs):
            raise IdempotencyKeyReused([_fault(IdempotencyKeyReused.sentence())])
        if found is None or found.answer is None:
            raise RequestInProgress(retry_after=1)
        return bytes(found.answer)

    def _found(self, mac: str) -> IdempotencyKey | None:
        """Take the key, or return what is there under it; None, too, where that is given up just now."""
        with IdempotencyKey.transaction():
            spent = IdempotencyKey.answer.is_null() & (IdempotencyKey.begun_at < self._now - GIVEN_UP)
            spent |= IdempotencyKey.begun_at < self._now - KEPT
            IdempotencyKey.delete().where(self._row & spent).execute()
            self._taken = self._take(mac)
            found: IdempotencyKey | None = None if self._taken else IdempotencyKey.get_or_none(self._row)
        return found

    def keep(self, answer: bytes) -> None:
        """Store the answer; raise RequestInProgress where the call took so long that another one took it over."""
        with IdempotencyKey.transaction():
            kept = IdempotencyKey.update(answer=answer).where(self._ours).execute()
            if not kept and User.select().where(User.id == self._user_id).exists():
                raise RequestInProgress(retry_after=1)

    def give_up(self) -> None:
        """Let go of the key: nothing has happened."""
        IdempotencyKey.delete().where(self._ours).execute()

    def _take(self, mac: str) -> bool:
        row = {"user": self._user_id, "key": self._key, "call": self._call, "body_mac": mac, "begun_at": self._now}
        first = IdempotencyKey.insert(row).on_conflict(
            action="nothing", conflict_target=[IdempotencyKey.user, IdempotencyKey.key]
        )
        if not first.as_rowcount().execute():
            return False
        of_student = IdempotencyKey.user == self._user_id
        by_age = IdempotencyKey.select(IdempotencyKey.key).where(of_student).order_by(IdempotencyKey.begun_at.desc())
        IdempotencyKey.delete().where(of_student & IdempotencyKey.key.in_(by_age.offset(MOST_KEYS))).execute()
        return True


def purge(now: datetime, *, rows: int) -> int:
    """Delete up to `rows` keys that nobody is answered by any more, and return how many rows that were."""
    spent = IdempotencyKey.begun_at < now - KEPT
    found = IdempotencyKey.select(IdempotencyKey.begun_at).where(spent).order_by(IdempotencyKey.begun_at).limit(rows)
    moments = {row.begun_at for row in found}
    return int(IdempotencyKey.delete().where(IdempotencyKey.begun_at.in_(moments)).execute()) if moments else 0


def _packed(resp: falcon.Response) -> bytes:
    headers = {name: value for name in _KEPT_HEADERS if (value := resp.get_header(name)) is not None}
    body = resp.data.decode() if resp.data is not None else None
    said = {"status": falcon.http_status_to_code(resp.status), "headers": headers, "body": body}
    return zlib.compress(json.dumps(said).encode())


def _fault(sentence: str) -> dict[str, str]:
    return {"parameter": "Idempotency-Key", "detail": sentence}
