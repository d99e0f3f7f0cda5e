"""The whole examination, in the order in which one thing stands on another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from schediora.clock import Clock
from schediora.db.database import sqlite_path
from schediora.doctor.configuration import file_findings, settings_findings
from schediora.doctor.finding import Finding, warning, wrong
from schediora.doctor.postgres import postgres_findings
from schediora.doctor.sqlite import sqlite_findings
from schediora.doctor.surroundings import disk_finding, mail_findings, model_finding, queue_findings, zones_finding
from schediora.settings.loading import Loaded
from schediora.settings.values import Settings


def examine(loaded: Loaded, *, files: Sequence[str], now: Clock, ask_model: bool) -> Iterator[Finding]:
    """Yield what there is to say of an installation, changing nothing; files called like `files` (patterns) are ours.

    With `ask_model` the model server, where there is one, is asked for one real answer.
    """
    settings, origins = loaded.settings, loaded.origins
    looks: list[tuple[str, Callable[[], Iterable[Finding]]]] = [
        ("settings", lambda: settings_findings(settings, origins)),
        ("files", lambda: file_findings(settings, origins, files)),
        ("disk", lambda: [disk_finding(settings.data_dir)]),
        ("database", lambda: _database(settings, now())),
        ("queue", lambda: queue_findings(settings, now())),
        ("mail", lambda: mail_findings(settings)),
        ("time zones", lambda: [zones_finding(now())]),
    ]
    if ask_model:
        looks.append(("model", lambda: [model_finding(settings)]))
    for about, look in looks:
        try:
            yield from look()
        except Exception as problem:  # one thing that cannot be looked at hides no other
            yield wrong(about, f"It could not be looked at ({type(problem).__name__}); please report this as a defect.")


def _database(settings: Settings, now: datetime) -> Iterator[Finding]:
    if settings.on_postgres:
        yield from postgres_findings(settings, now)
        return
    if settings.database.direct_url.get_secret_value():
        yield warning("direct_url", "It is not used with SQLite; remove database.direct_url.")
    yield from sqlite_findings(sqlite_path(settings.database_url), now)
