"""A finished arrangement in the student's terms: sessions with their reasons, and what has no place and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schediora.planner.scheduler.exams import exams_ahead
from schediora.planner.scheduler.free_time import Day, only_days_off
from schediora.planner.scheduler.items import Item, Part
from schediora.planner.scheduler.order_search import Arrangement
from schediora.planner.scheduler.problem import Kind, Piece, Since, Step, Unplaced, Week
from schediora.planner.scheduler.reasons import why_here, why_nowhere
from schediora.planner.scheduler.splitting import numbered


@dataclass(frozen=True, slots=True)
class Case:
    """What was placed where: the steps and their items by index, the week and its free days."""

    steps: Sequence[Step]
    items: Sequence[Item]
    week: Week
    days: Sequence[Day]
    arrangement: Arrangement

    @property
    def today(self) -> date:
        """Return the student's day."""
        return self.week.today

    @property
    def placed(self) -> frozenset[int]:
        """Return the indexes of the steps that are placed."""
        return frozenset(part.item for part, _ in self.arrangement.placed)

    def exam(self, index: int, day: date | None = None) -> date | None:
        """Return the next exam that step `index` prepares for, after `day` when that is given."""
        ahead = exams_ahead(self.steps[index], self.week, self.today)
        return next((exam for exam in ahead if day is None or exam > day), None)


def pieces(case: Case) -> tuple[Piece, ...]:
    """Return the sessions, by time."""
    ended: dict[int, Since] = {}
    found = []
    for part, slot in case.arrangement.placed:
        step, day = case.steps[part.item], case.days[slot.day]
        parts = len(case.items[part.item].parts)
        title, detail = _words(step, part.number + 1, parts)
        earlier = ended.get(part.item)
        reason = why_here(
            step.kind,
            step.topic,
            day.day,
            case.week.language,
            part=part.number + 1,
            previous_part=earlier.day if earlier else None,
            builds_on=_builds_on(step, ended),
            exam=case.exam(part.item, day.day),
            follows_lessons=step.after is not None
            and any(case.steps[other].kind is Kind.LEARN for other in case.items[part.item].before),
            rest_follows=_rest_follows(part, case),
        )
        ended[part.item] = Since(title, day.day)
        found.append(
            Piece(
                step=part.item,
                part=part.number + 1,
                parts=parts,
                title=title,
                detail=detail,
                topic=step.topic,
                kind=step.kind,
                minutes=part.minutes,
                starts_at=day.instant(slot.cell),
                day=day.day,
                reason=reason,
            )
        )
    return tuple(found)


def _words(step: Step, part: int, parts: int) -> tuple[str, str]:
    if parts > 1 and step.in_parts is not None:
        title, detail = step.in_parts(part, parts)
        return numbered(title, 1, 1), detail
    return numbered(step.title, part, parts), step.detail


def _builds_on(step: Step, ended: dict[int, Since]) -> Since | None:
    """Return the last of what the step builds on: what ended in this plan, or was done before it."""
    in_plan = [ended[index] for index in ended if index in step.builds_on]
    return max([*([step.since] if step.since else []), *in_plan], key=lambda since: since.day, default=None)


def _rest_follows(part: Part, case: Case) -> bool:
    others = [other for other in case.placed if other != part.item and case.items[other].topic == part.topic]
    return bool(others) and all(part.item in case.items[other].before for other in others)


def unplaced(case: Case) -> tuple[Unplaced, ...]:
    """Return the steps that have no place, in study order."""
    placed = case.placed
    longest = max((span.end - span.start for day in case.days for span in day.layout.spans), default=0)
    nothing_else = only_days_off(case.week, case.days)
    found = []
    for index, (step, item) in enumerate(zip(case.steps, case.items, strict=True)):
        if index in placed:
            continue
        missing = min(item.needs - placed, default=None)
        exam = case.exam(index)
        reason = why_nowhere(
            step.topic,
            item.minutes,
            case.week,
            free_minutes=sum(day.free_minutes for day in case.days),
            exam=exam,
            exam_cuts=exam is not None and any(day.free_minutes for day in case.days if day.day >= exam),
            latest_day=step.latest_day,
            whole_beyond=step.whole and (item.parts[0].cells > longest or item.minutes > case.week.session_minutes),
            builds_on=None if missing is None else case.steps[missing].title,
            only_days_off=nothing_else,
        )
        found.append(Unplaced(index, step.title, item.minutes, reason))
    return tuple(found)
