"""Where sessions go, or why there is no room for them, in the student's terms."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from schediora.planner.scheduler.batch import Batch, Places
from schediora.planner.scheduler.free_time import Day, only_days_off
from schediora.planner.scheduler.moving import Impossible, Movable, Move, Moves
from schediora.planner.scheduler.moving_reasons import Causes
from schediora.planner.scheduler.problem import Since
from schediora.planner.scheduler.reasons import kept, why_here, why_nowhere
from schediora.planner.scheduler.sentences import Phrase, sentence


def moves_of(movable: Sequence[Movable], batch: Batch, places: Places, days: Sequence[Day]) -> Moves:
    """Return the answer for the sessions as they were given; those of the batch may have moved since."""
    started = {session.id: session.starts_at for session in movable}
    causes = Causes(batch, started, places, days)
    moves = []
    impossible = {}
    for index, session in enumerate(batch.sessions):
        place = places.get(index)
        if place is None:
            impossible[session.id] = _impossible(index, batch, days)
            continue
        start, day = days[place.day].instant(place.cell), days[place.day].day
        stays = start == started[session.id]
        reason = kept(batch.week.language)
        if not stays:
            here = why_here(
                session.kind,
                session.topic,
                day,
                batch.week.language,
                builds_on=_builds_on(index, batch, places, days),
                exam=next((exam for exam in batch.exams[index] if exam > day), None),
                due=session.latest_day,
                late=session.late,
            )
            reason = causes.moved(here, index)
        moves.append(Move(session.id, start, day, stays, reason))
    return Moves(
        moves=tuple(sorted(moves, key=lambda move: (move.starts_at, move.id))),
        impossible=tuple(impossible[session.id] for session in movable if session.id in impossible),
    )


def _builds_on(index: int, batch: Batch, places: Places, days: Sequence[Day]) -> Since | None:
    """Return the last of what a session builds on that has its place, or is done."""
    since = batch.sessions[index].since
    here = [
        (places[other].day, places[other].cell, Since(batch.sessions[other].title, _day(other, places, days)))
        for other in batch.builds_on[index]
        if other in places
    ]
    latest = max(here, key=lambda entry: entry[:2])[2] if here else None
    return max([entry for entry in (since, latest) if entry], key=lambda entry: entry.day, default=None)


def _day(index: int, places: Places, days: Sequence[Day]) -> date:
    return days[places[index].day].day


def _impossible(index: int, batch: Batch, days: Sequence[Day]) -> Impossible:
    session = batch.sessions[index]
    exam = next(iter(batch.exams[index]), None)
    due, language = None if session.late else session.latest_day, batch.week.language
    reason = why_nowhere(
        session.topic,
        session.minutes,
        batch.week,
        free_minutes=sum(day.free_minutes for day in days),
        exam=exam,
        exam_cuts=exam is not None and any(day.free_minutes for day in days if day.day >= exam),
        due=due if due is not None and any(day.free_minutes for day in days if day.day > due) else None,
        only_days_off=only_days_off(batch.week, days),
    )
    return Impossible(session.id, replace(reason, text=f"{reason.text} {sentence(Phrase.WAY_OUT, language)}"))
