"""`@operation`: one record on a responder that both validates its calls and describes them in the OpenAPI document."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import falcon
from pydantic import TypeAdapter

from schediora.db.database import UNREACHABLE
from schediora.errors import Invalid, SchedioraError
from schediora.http.caller import Caller
from schediora.http.errors import BodyTooLarge
from schediora.http.reading import read_body, read_query, read_text, require_json, require_type
from schediora.http.streamed import Streamed
from schediora.http.wire import Body, Query

MAX_BODY_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a call takes in the place of JSON: UTF-8 text of a media type, so many bytes at most."""

    media_type: str
    most_bytes: int
    example: str


@functools.lru_cache(maxsize=10_000)
def _text_of(key: UUID) -> str:
    return str(key)


class Context:
    """What a request carries besides its bytes; `now` is stamped once, at the door, `address` is the client's, and
    `client` what it calls itself.

    `state` is that of what the caller has, `sign_in` theirs, and `keep_as` the name under which the answer is to be
    kept, if it is; one that is `asked_once` has a tag and is not kept, as nobody asks for the same again.
    `await_database` returns when what failed may be run again, or raises what it failed with. `once` does the work of a
    call that may be sent again, and `body` is what it was sent with.
    """

    now: datetime
    request_id: str
    address: str
    client: str | None
    code: str | None = None
    head: bool = False
    failed_before: bool = False
    started: float
    state: str
    sign_in: UUID
    keep_as: str | None = None
    asked_once: bool = False
    operation: "Operation | None" = None
    """What is asked for, once that is known."""
    await_database: "Callable[[Request, Operation, Exception], None]"
    once: Callable[[Callable[[], None]], None] | None = None
    body: bytes = b""
    user_id: str | None = None
    """The caller's id for the log, if known."""
    _caller: Caller | None = None

    @property
    def caller(self) -> Caller:
        """Who is calling; only on operations that are not public."""
        if self._caller is None:
            raise LookupError("a public operation has no caller")
        return self._caller

    @caller.setter
    def caller(self, caller: Caller) -> None:
        self._caller = caller
        self.user_id = _text_of(caller.user_id)


class Request(falcon.Request):
    """A request with our context."""

    context_type = Context
    context: Context  # type: ignore[assignment]  # falcon types its own bag of attributes


class Response(falcon.Response):
    """An answer to which headers can be given that are the same for many."""

    def say(self, headers: Mapping[str, str]) -> None:
        """Set headers, each name in lower case: Falcon's own way works each name out anew, for every answer."""
        self._headers.update(headers)


@dataclass(frozen=True, slots=True)
class Operation:
    """What a call takes and answers.

    `name` is the verb that clients made from the document call it by. `errors` are those beyond what its shape
    implies (401, 404 of ids, 4xx of bodies). What is `kept` depends on the caller's day and the state of what they have
    alone. One that `insists` waits for a database that is away as long as it may, and is run again whatever became of
    it. A student's calls are counted as often as they `cost`, public ones by address unless they are `uncounted`.
    """

    name: str
    summary: str
    status: int
    answer: Any
    body: type[Body] | None
    body_optional: bool
    upload: Upload | None
    query: type[Query] | None
    errors: tuple[type[SchedioraError], ...]
    headers: tuple[str, ...]
    public: bool
    database: bool
    kept: bool
    insists: bool
    cost: int
    uncounted: bool


def operation(
    name: str,
    summary: str,
    *,
    answer: Any = None,
    status: int = 200,
    body: type[Body] | None = None,
    body_optional: bool = False,
    upload: Upload | None = None,
    query: type[Query] | None = None,
    errors: tuple[type[SchedioraError], ...] = (),
    headers: tuple[str, ...] = (),
    public: bool = False,
    database: bool = True,
    kept: bool = False,
    insists: bool = False,
    cost: int = 1,
    uncounted: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., None]]:
    """Turn a method `(self, req, resp, [body or text], [query], **path) -> view` into a Falcon responder.

    The view is written as JSON with `status`, and left as it is where it is `rendered` or `Streamed`; `answer` is its
    type.
    Raises Invalid, Malformed, BodyTooLarge or UnsupportedMediaType before the method is called.
    """
    record = Operation(
        name,
        summary,
        status,
        answer,
        body,
        body_optional,
        upload,
        query,
        errors,
        headers,
        public,
        database,
        kept,
        insists,
        cost,
        uncounted,
    )
    adapter = TypeAdapter[Any](answer) if answer is not None else None

    def decorate(method: Callable[..., Any]) -> Callable[..., None]:
        @functools.wraps(method)
        def responder(self: Any, req: Request, resp: falcon.Response, **path: Any) -> None:
            if record.query:
                path["query"] = read_query(req.params, record.query)
            elif req.params:
                raise Invalid(
                    [{"parameter": name, "detail": "This address takes no parameters."} for name in req.params]
                )
            if record.body:
                path["body"] = _body(req, record.body, optional=record.body_optional)
            if record.upload:
                path["text"] = _uploaded(req, record.upload)

            def work() -> None:
                resp.status = record.status
                view = method(self, req, resp, **path)
                if adapter is not None:
                    resp.content_type = falcon.MEDIA_JSON
                    if isinstance(view, Streamed):
                        _stream(req, resp, view)
                    else:
                        resp.data = view if isinstance(view, bytes) else adapter.dump_json(view)

            once = req.context.once
            while True:
                try:
                    work() if once is None else once(work)
                    break
                except UNREACHABLE as problem:
                    req.context.await_database(req, record, problem)

        responder.operation = record  # type: ignore[attr-defined]  # functions carry attributes
        return responder

    return decorate


def operation_asked(resource: object, method: str) -> Operation | None:
    """Return the record of what `method` does to `resource`; None for Falcon's own, and for no operation."""
    kind: Any = type(resource)
    return _operation_of_class(kind, method)


@functools.cache
def _operation_of_class(resource: Any, method: str) -> Operation | None:
    return operation_of(getattr(resource, f"on_{method.lower()}", None))


def operation_of(responder: object) -> Operation | None:
    """Return the record on a responder, or None for Falcon's own (405, OPTIONS)."""
    found = getattr(responder, "operation", None)
    return found if isinstance(found, Operation) else None


def _stream(req: Request, resp: falcon.Response, streamed: Streamed) -> None:
    """Leave the file to the server, which sends it; nobody wants it after HEAD."""
    if req.context.head:
        streamed.file.close()
        resp.content_length = streamed.length
    else:
        resp.set_stream(streamed.file, streamed.length)


def _uploaded(req: Request, upload: Upload) -> str:
    raw = req.bounded_stream.read(upload.most_bytes + 1)
    if len(raw) > upload.most_bytes:
        raise BodyTooLarge(f"The file is too large: it may have at most {upload.most_bytes // 1024**2} MiB.")
    require_type(req, upload.media_type)
    return read_text(raw)


def _body(req: Request, schema: type[Body], *, optional: bool) -> Body:
    raw = req.bounded_stream.read(MAX_BODY_BYTES + 1)
    if len(raw) > MAX_BODY_BYTES:
        raise BodyTooLarge()
    req.context.body = raw
    if optional and not raw:
        return schema()
    require_json(req)
    return read_body(raw, schema, now=req.context.now)
