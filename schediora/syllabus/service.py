"""Writing lists of units: the student's own, and those that a model made for them."""

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import MISSING

from schediora.errors import Invalid
from schediora.http.caller import Caller
from schediora.http.validation import pointer
from schediora.models.syllabus import ListSource, SyllabusList
from schediora.models.users import User
from schediora.subjects.catalog import Genre
from schediora.subjects.recognition import recognise, topic_key
from schediora.subjects.text import compared_title, shown
from schediora.syllabus.queries import StoredList, lists_of
from schediora.syllabus.schemas import MOST_UNITS, SyllabusUpdate, SyllabusView, UnitEntry
from schediora.syllabus.syllabus import ListedUnit
from schediora.syllabus.view import language_for, show
from schediora.users.locking import count_change, lock_student
from schediora.users.queries import preferences_of

MOST_REMEMBERED = 200
"""So many units that were taken out of a list are remembered with their keys, the last ones first."""
MODEL_UNIT_MINUTES = (15, 240)
_KEY_BYTES = 6

Entry = Mapping[str, Any]


def set_list(caller: Caller, wish: SyllabusUpdate, *, now: datetime) -> SyllabusView:
    """Store the caller's own list of a topic's units, or take it away, and return what now holds.

    Raises Invalid for a key that the topic does not have, or that is there twice.
    """
    today, key = caller.today(now), topic_key(wish.topic)
    with User.transaction():
        user = lock_student(caller.user_id)
        stored = lists_of(user.id, key)
        before = _units(stored, ListSource.STUDENT)
        known = [*before, *_ours(wish.topic), *_units(stored, ListSource.MODEL)]
        _check_keys(wish.units or (), {entry["key"] for entry in known})
        units = _listed(wish.units or (), before, known, today)
        if units or before:
            language = language_for(caller, wish.topic, preferences_of(user.id))
            remembered = _taken_out(before, {entry["key"] for entry in units})
            _store(user, key, ListSource.STUDENT, wish.topic, [*units, *remembered], language=language, now=now)
        # A plan made from the list before is not the one that would be made now.
        count_change(user)
    return show(caller, wish.topic, now=now)


def store_model_list(
    user_id: UUID, topic: str, units: Sequence[ListedUnit], *, language: str, genre: Genre | None, now: datetime
) -> None:
    """Store the units that a model listed for the student's `topic`, in the order to learn them.

    Whoever calls has checked their words. Of equal titles the first counts, and of more than 60 units the first 60; a
    unit that has been in a list of the topic keeps its key. Raises Unauthenticated when the account is gone.
    """
    key = topic_key(topic)
    with User.transaction():
        user = lock_student(user_id)
        stored = lists_of(user_id, key)
        known = [*_units(stored, ListSource.MODEL), *_units(stored, ListSource.STUDENT)]
        titles = {compared_title(unit.title): unit for unit in reversed(units)}
        chosen = [unit for unit in units if titles[compared_title(unit.title)] is unit][:MOST_UNITS]
        keys = _keys([(None, unit.title) for unit in chosen], known)
        by_title = {compared_title(unit.title): own for unit, own in zip(chosen, keys, strict=True)}
        least, most = MODEL_UNIT_MINUTES
        entries = [
            {
                "key": own,
                "title": shown(unit.title) or unit.title,
                "minutes": max(least, min(most, unit.minutes)),
                "needs": [by_title[need] for title in unit.needs if (need := compared_title(title)) in by_title],
            }
            for unit, own in zip(chosen, keys, strict=True)
        ]
        _store(user, key, ListSource.MODEL, topic, entries, language=language, genre=genre, now=now)
        count_change(user)


def _store(
    user: User,
    key: str,
    source: ListSource,
    topic: str,
    units: Sequence[Entry],
    *,
    language: str,
    genre: Genre | None = None,
    now: datetime,
) -> None:
    columns = {"topic": topic, "language": language, "genre": genre, "units": units, "updated_at": now}
    named = {"user": user, "topic_key": key, "source": source}
    of_list = (SyllabusList.user == user) & (SyllabusList.topic_key == key) & (SyllabusList.source == source)
    if not SyllabusList.update(columns).where(of_list).execute():
        SyllabusList.create(**named, **columns)


def _units(stored: Mapping[ListSource, StoredList], source: ListSource) -> Sequence[Entry]:
    return stored[source].units if source in stored else ()


def _ours(topic: str) -> Iterator[Entry]:
    """Yield every unit of the subjects that `topic` means under each of its titles, first those that it names."""
    found = recognise(topic)
    for part in found.parts if found else ():
        for unit in (*part.units, *part.subject.units):
            for title in unit.titles().values():
                yield {"key": unit.key, "title": title}


def _check_keys(units: Sequence[UnitEntry], known: Collection[str]) -> None:
    given = [None if unit.key is MISSING else unit.key for unit in units]
    wrong = [
        (index, "is not one of this topic's. Leave it out for a new unit." if key not in known else "is there twice.")
        for index, key in enumerate(given)
        if key and (key not in known or key in given[:index])
    ]
    if wrong:
        raise Invalid(
            [
                {"pointer": pointer("units", index, "key"), "detail": f"The key of unit {index + 1} {fault}"}
                for index, fault in wrong
            ]
        )


def _listed(units: Sequence[UnitEntry], before: Sequence[Entry], known: Sequence[Entry], today: date) -> list[Entry]:
    """Return the units as they are stored; what was known before keeps the day on which that was said."""
    keys = _keys([(None if unit.key is MISSING else unit.key, unit.title) for unit in units], known)
    said = {entry["key"]: entry.get("known_on") for entry in before}
    return [
        {
            "key": key,
            "title": shown(unit.title) or unit.title,
            "known_on": (said.get(key) or today.isoformat()) if unit.known is True else None,
            "left_out": unit.left_out is True,
        }
        for unit, key in zip(units, keys, strict=True)
    ]


def _keys(units: Sequence[tuple[str | None, str]], known: Iterable[Entry]) -> list[str]:
    """Return the key of each unit (key or None, title): its own, that of the known entry of its title, or a new one."""
    taken = {key for key, _ in units if key}
    by_title: dict[str, list[str]] = {}
    for entry in known:
        by_title.setdefault(compared_title(entry["title"]), []).append(entry["key"])
    keys: list[str] = []
    for key, title in units:
        free = (each for each in by_title.get(compared_title(title), ()) if each not in taken)
        found = key or next(free, None) or f"own.{secrets.token_hex(_KEY_BYTES)}"
        taken.add(found)
        keys.append(found)
    return keys


def _taken_out(before: Sequence[Entry], listed: Collection[str]) -> Sequence[Entry]:
    """Return the entries that are not `listed` any more, marked: a unit that comes back finds its history."""
    return [entry | {"removed": True} for entry in map(dict, before) if entry["key"] not in listed][:MOST_REMEMBERED]
