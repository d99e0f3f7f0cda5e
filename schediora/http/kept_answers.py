"""Answers that are kept until something changes: an open app asks for the same three every 15 seconds.

An answer is kept under all that it depends on: whose it is, the state of what they have, which is read by the one query
that lets them in, their day, the call with its query, this release and the time zone of who never set one. So nothing
has to be told to anybody when something changes, however many processes serve: another state is another name.
"""

import hashlib
import re
import threading
import zlib
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any, Self

import falcon

from schediora.http.operation import Request, Response
from schediora.metrics.measurements import UNMEASURED, Measurements

_OF_AN_ENTRY = 600
"""Bytes that an entry takes besides its body and its name."""
_LARGEST_PART = 8
"""An answer that would take more than this part of the room is not kept: one student does not push out all others."""
_PACKED_FROM = 512
"""Bytes of a body. Packed it takes a quarter of the room, and some 5 us of each call: less than room for it saves."""
_TAG_BYTES = 16
_TAG = re.compile(r'(?:W/)?("[^"]*")')


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer: its bytes, compressed by zlib where it is `packed`, its entity tag, and the link to the next
    page where there is one.
    """

    content: bytes
    etag: str
    link: str | None
    packed: bool = False

    @property
    def body(self) -> bytes:
        """Its bytes as they are sent."""
        return zlib.decompress(self.content) if self.packed else self.content

    def pack(self) -> Self:
        """Return it in as little room as it needs."""
        return replace(self, content=zlib.compress(self.content, level=1), packed=True)

    @property
    def headers(self) -> dict[str, str]:
        """What it says besides its body, by names in lower case."""
        return {"etag": self.etag, "link": self.link} if self.link else {"etag": self.etag}


class KeptAnswers:
    """At most so many bytes of answers; those that were not asked for the longest go first.

    Once they take half of the room, further ones are packed: apps ask in turn, so that one app more than there is room
    for would have nobody's answer found.
    """

    def __init__(self, *, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = self.hits = self.misses = 0

    def get(self, name: str) -> Answer | None:
        """Return the answer that is kept under `name`, if there is one."""
        with self._lock:
            found = self._answers.get(name)
            if found is None:
                self.misses += 1
            else:
                self.hits += 1
                self._answers.move_to_end(name)
            return found

    def put(self, name: str, answer: Answer) -> None:
        """Keep `answer` under `name`, unless it is too large."""
        if _size(name, answer) * _LARGEST_PART > self._most_bytes:
            return
        if self.bytes * 2 > self._most_bytes and len(answer.content) >= _PACKED_FROM:
            answer = answer.pack()
        size = _size(name, answer)
        with self._lock:
            if (before := self._answers.pop(name, None)) is not None:
                self.bytes -= _size(name, before)
            self._answers[name] = answer
            self.bytes += size
            while self.bytes > self._most_bytes:
                self.bytes -= _size(*self._answers.popitem(last=False))


class Keeping:
    """Answers a kept operation without running it while nothing has changed, and with 304 who has the answer already
    (RFC 9110, section 13).

    Comes after what finds out who is calling. `constant` is what every answer of this server depends on.
    """

    def __init__(
        self, answers: KeptAnswers, key: bytes, constant: str, measurements: Measurements = UNMEASURED
    ) -> None:
        self._answers = answers
        self._measurements = measurements
        self._hash = hashlib.blake2b(constant.encode(), key=key[: hashlib.blake2b.MAX_KEY_SIZE], digest_size=_TAG_BYTES)

    def process_resource(self, req: Request, resp: Response, _resource: object, _params: dict[str, Any]) -> None:
        """Answer with what is kept, if there is something."""
        record = req.context.operation
        if record is None or not record.kept:
            return
        name = _name(req)
        found = self._answers.get(name)
        self._measurements.kept_answer(hit=found is not None)
        if found is None:
            req.context.keep_as = name
        else:
            resp.complete = True
            _answer(req, resp, found)

    def process_response(self, req: Request, resp: Response, _resource: object, succeeded: bool) -> None:
        """Name what was worked out, and keep it unless nobody will ask for the same again."""
        name = req.context.keep_as
        if name is None or not succeeded or not isinstance(resp.data, bytes):
            return
        answer = Answer(resp.data, self._tag(name, resp.data), resp.get_header("Link"))
        if not req.context.asked_once:
            self._answers.put(name, answer)
        _answer(req, resp, answer)

    def _tag(self, name: str, body: bytes) -> str:
        # The body too: a database that was put back to an earlier state counts up to the same states again.
        digest = self._hash.copy()
        digest.update(name.encode() + b"\0" + body)
        return f'"{digest.hexdigest()}"'


def _name(req: Request) -> str:
    context = req.context
    day = context.caller.today(context.now).toordinal()
    return f"\0{context.user_id}\0{context.state}\0{day}\0{req.path}\0{req.query_string}"


def _answer(req: Request, resp: Response, answer: Answer) -> None:
    resp.say(answer.headers)
    if _has_it(req.env.get("HTTP_IF_NONE_MATCH"), answer.etag):
        resp.status = 304
        resp.data = None
        resp.delete_header("Content-Type")
        return
    resp.status = 200
    resp.content_type = falcon.MEDIA_JSON
    resp.data = answer.body


def _has_it(if_none_match: str | None, etag: str) -> bool:
    """Tell whether a client has the answer of `etag` already; tags are compared weakly."""
    if if_none_match is None:
        return False
    return if_none_match in (etag, "*") or if_none_match.strip() == "*" or etag in _TAG.findall(if_none_match)


def _size(name: str, answer: Answer) -> int:
    return len(name) + len(answer.content) + len(answer.link or "") + _OF_AN_ENTRY
