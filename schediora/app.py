"""The wiring diagram: read it top to bottom to know what is connected to what."""

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Any
from uuid import UUID

import falcon

from schediora import log
from schediora.ai.author import build_author
from schediora.ai.jobs import Runner
from schediora.audit import Audit
from schediora.auth.keys import AUDIT, Keys, load_keys
from schediora.auth.passwords import Hasher
from schediora.auth.service import Auth
from schediora.auth.tokens import AccessTokens
from schediora.busy.jobs import Keeper
from schediora.calendar.service import Feeds
from schediora.clock import Clock, utc_now
from schediora.db.base import bind
from schediora.db.database import Database, open_database
from schediora.db.outages import Outages
from schediora.db.revisions import history
from schediora.errors import Unauthenticated
from schediora.health.resources import Ready
from schediora.http import errors
from schediora.http.client_address import TrustedProxies
from schediora.http.comeback import Comeback
from schediora.http.cross_origin import CrossOrigin
from schediora.http.cursor import Cursors
from schediora.http.entrance import DemoStudent
from schediora.http.headers import Headers
from schediora.http.idempotency import Once
from schediora.http.kept_answers import Keeping, KeptAnswers
from schediora.http.limiting import CallLimits
from schediora.http.middleware import Authentication, RequestLog
from schediora.http.operation import Request, Response
from schediora.mail.jobs import Postman
from schediora.mail.letters import Letters
from schediora.mail.outbox import Outbox
from schediora.mail.sender import Sender
from schediora.metrics.measurements import UNMEASURED, Measurements
from schediora.planner.change_cursor import ChangeCursors
from schediora.planner.turns import Turns
from schediora.portability.service import Exports
from schediora.purger import Purger
from schediora.queue import Queue, build_huey
from schediora.rate_limits.rate_limits import RateLimits
from schediora.routes import UPLOADS, add_feeds, add_routes, routes
from schediora.settings.mail_url import mail_server, sender_of
from schediora.settings.values import Settings
from schediora.shares import undivided
from schediora.web.resources import add_pages
from schediora.worker import Worker

_log = log.get_logger(__name__)


class App(falcon.App[Any, Any]):
    """The API. It also tells the server whose bodies may be larger than all others'."""

    def __init__(
        self, *, uploads: Mapping[tuple[str, str], int], is_known: Callable[[str], bool], **options: Any
    ) -> None:
        """Take the calls, by method and path, whose bodies may have more bytes than others from who `is_known`."""
        super().__init__(**options)
        self._uploads = uploads
        self._is_known = is_known

    def larger_body(self, method: str, path: str, authorization: str) -> int:
        """Return how many bytes this call's body may have, 0 for no more than any other's. Waits for nothing."""
        most = self._uploads.get((method, path), 0)
        return most if most and self._is_known(authorization) else 0


def connect(settings: Settings, *, connections: int | None = None) -> Database:
    """Return the settings' database, bound to the models, with a pool of `connections`, or of as many as a process of
    its own may have; nothing is connected yet.
    """
    database = open_database(
        settings.database_url,
        connections=connections or undivided(settings).pooled,
        prepared_statements=settings.database.prepared_statements,
    )
    bind(database)
    return database


def create_app(
    settings: Settings,
    *,
    database: Database,
    queue: Queue,
    clock: Clock = utc_now,
    keys: Keys | None = None,
    hasher: Hasher | None = None,
    hashing: int | None = None,
    demo: DemoStudent | None = None,
    measurements: Measurements = UNMEASURED,
) -> App:
    """Return the API over `database`, sending hints of jobs to `queue`, and the web app that uses it. `keys` and
    `hasher` come from the settings unless given, the latter with so many places for `hashing`; `demo` is a
    demonstration's student.
    """
    keys = keys or load_keys(settings)
    default_timezone = settings.planner.default_timezone
    if settings.production and not settings.limits.enabled:
        _log.warning("limits_disabled", reason="anybody may guess passwords as fast as they can: set limits.enabled")
    audit = Audit(keys.derived(AUDIT))
    limits = RateLimits.over(
        settings.queue.url.get_secret_value(),
        clock,
        key=next(iter(keys.derived("schediora limit by rate"))),
        enabled=settings.limits.enabled,
        measurements=measurements,
    )
    outbox = Outbox(sends=settings.sends_mail)
    sign_in = Auth(keys, hasher or Hasher(cores=hashing), limits, audit, settings.auth, default_timezone, outbox)
    ready = Ready(database, history(), queue.answers)
    outages = Outages(_log, "database_unreachable", over="database_back")
    tokens = AccessTokens(keys)

    def owner_of(authorization: str, now: datetime) -> UUID | None:
        try:
            return tokens.read(authorization.partition(" ")[2].strip(), now).user_id
        except Unauthenticated:
            return None

    calls = CallLimits(limits, owner_of)

    release = version("schediora")
    served_as = f"{release} {default_timezone}{' mail' if outbox.sends else ''}"
    kept = KeptAnswers(most_bytes=settings.server.cache_mebibytes * 1024**2)
    public_url = settings.server.public_url
    proxies = TrustedProxies(settings.server.trusted_proxies)
    middleware: list[Any] = [
        RequestLog(clock, proxies, measurements),
        Headers(
            proxies,
            strict_transport=settings.server.strict_transport_security,
            https=public_url.startswith("https://"),
        ),
        *([CrossOrigin(settings.cors.origins)] if settings.cors.origins else []),
        Authentication(database, Comeback(database, outages), sign_in.authenticate, calls),
        Once(keys.derived("schediora repeated call")),
        Keeping(kept, next(iter(keys.derived("schediora kept answer"))), served_as, measurements),
    ]

    def is_known(authorization: str) -> bool:
        return owner_of(authorization, clock()) is not None

    app = App(uploads=UPLOADS, is_known=is_known, request_type=Request, response_type=Response, middleware=middleware)
    app.req_options.strip_url_path_trailing_slash = False
    app.req_options.keep_blank_qs_values = True
    app.req_options.auto_parse_qs_csv = False
    errors.install(app, outages, audit)
    cursors = Cursors(keys.derived("schediora list cursor"))
    changes = ChangeCursors(keys.derived("schediora change cursor"))
    turns = Turns(threads=settings.server.threads)
    feeds = Feeds(limits, audit, public_url=public_url, default_timezone=default_timezone, release=release)
    exports = Exports(limits, audit, default_timezone=default_timezone, release=release)
    table = routes(
        sign_in=sign_in,
        cursors=cursors,
        changes=changes,
        turns=turns,
        hint=queue.hint,
        limits=limits,
        ready=ready,
        feeds=feeds,
        exports=exports,
    )
    add_routes(app, table, version=release, mail=settings.sends_mail, demo=demo)
    add_feeds(app, feeds)
    if settings.web.enabled:
        add_pages(app)
    app.add_sink(calls.nowhere)
    return app


def create_queue(settings: Settings) -> Queue:
    """Return this process's end of the settings' queue."""
    return Queue(build_huey(settings))


def create_worker(
    settings: Settings,
    *,
    database: Database,
    queue: Queue,
    clock: Clock = utc_now,
    measurements: Measurements = UNMEASURED,
) -> Worker:
    """Return the consumer that makes plans as the settings say."""
    ai = settings.ai
    author = build_author(
        provider=ai.provider,
        base_url=ai.base_url or None,
        api_key=ai.api_key.get_secret_value(),
        model=ai.model,
        timeout_seconds=ai.timeout_seconds,
        tries=ai.tries,
        temperature=ai.temperature,
        max_tokens=ai.max_tokens,
    )
    author.look()
    runner = Runner(
        database,
        author,
        default_timezone=settings.planner.default_timezone,
        clock=clock,
        daily_tokens=ai.daily_tokens,
        measurements=measurements,
    )
    keeper = Keeper(database, clock, settings.planner.default_timezone)
    postman = create_postman(settings, database=database, clock=clock)
    return Worker(queue, runner, Purger(database, clock), keeper, postman, threads=settings.queue.workers)


def create_postman(settings: Settings, *, database: Database, clock: Clock = utc_now) -> Postman | None:
    """Return what sends mails as the settings say; None where they say nothing of it."""
    if not settings.sends_mail:
        return None
    sender = sender_of(settings.mail.sender)
    return Postman(
        database,
        clock,
        Sender(mail_server(settings.mail.url.get_secret_value()), domain=sender.domain),
        Letters(sender, settings.server.public_url),
        default_timezone=settings.planner.default_timezone,
    )
