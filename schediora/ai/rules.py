"""The curriculum writer that needs no model: the same brief gives the same outline, and it passes the content check.

What it knows of a subject comes from `curriculum`, the words from `scheme`, a week's mix from `goals`, and what comes
next from `progress`.
"""

from collections.abc import Sequence

from schediora.ai.content.brief import Brief
from schediora.ai.content.outline import (
    MARK_MINUTES,
    MAX_STEPS,
    MIN_MINUTES,
    MIN_STEPS,
    Fault,
    Outline,
    in_order,
)
from schediora.ai.goals import Slot, Stage, goal_of, mix, next_exam, stage_of
from schediora.ai.recognised import Match, concerns, recognise
from schediora.ai.scheme import Scheme, scheme
from schediora.ai.week import SchemeWeek, UnitWeek, Week
from schediora.planner.scheduler.problem import Kind, Step
from schediora.subjects.language import plan_language
from schediora.subjects.text import shown

SHARE_OF_WEEK = 0.75
"""Of the week's time, so much is planned; the rest is slack for what takes longer."""
USUAL_MINUTES = 45
MOST_MINUTES = 60

_WEIGHT: dict[Slot, float] = {"learn": 1.0, "practice": 1.0, "mixed": 1.0, "recall": 0.6, "review": 0.8, "mock": 1.3}
_KIND: dict[Slot, Kind] = {
    "learn": Kind.LEARN,
    "practice": Kind.PRACTICE,
    "mixed": Kind.PRACTICE,
    "recall": Kind.RECALL,
    "review": Kind.REVIEW,
    "mock": Kind.MOCK,
}


class Rules:
    """The provider that always delivers."""

    name = "rules"

    def propose(
        self, brief: Brief, *, seconds: float = 0.0, faults: Sequence[Fault] = (), previous: Outline | None = None
    ) -> Outline:
        """Return the week's outline: 6 to 10 steps for what comes next in the topic. Raises nothing."""
        match = recognise(brief.topic)
        exam = next_exam(brief, lambda topic: concerns(topic, brief.topic))
        goal, stage = goal_of(brief, exam), stage_of(brief, exam)
        slots = mix(goal, stage, step_count(brief))
        words = scheme(plan_language(brief.topic, brief.goal, chosen=None, zone="UTC", last=None))
        written = _week(brief, match, words).write(slots, goal, exam)
        steps = [
            Step(title, detail, brief.topic, _KIND[slot], minutes)
            for slot, (title, detail), minutes in zip(slots, written.texts, step_minutes(slots, brief), strict=True)
        ]
        topic = shown(brief.topic) or words.nameless
        if stage is Stage.FINAL:
            return Outline(words.title_of_last_days(topic), words.final_summary, in_order(steps))
        return Outline(words.title(topic, written.about), words.summaries[goal], in_order(steps))


def _week(brief: Brief, match: Match | None, words: Scheme) -> Week:
    if match and words.knows_units and UnitWeek.can_write(match, words):
        return UnitWeek(brief, match, words)
    return SchemeWeek(brief, words)


def step_count(brief: Brief) -> int:
    """Return how many steps of a usual length the week has time for, within 6 to 10."""
    usual = min(USUAL_MINUTES, max(MIN_MINUTES, brief.session_minutes))
    return max(MIN_STEPS, min(MAX_STEPS, round(brief.week_minutes * SHARE_OF_WEEK / usual)))


def step_minutes(slots: Sequence[Slot], brief: Brief) -> list[int]:
    """Return each slot's minutes: by weight, 15 or more, within one session; together three quarters of the week."""
    longest = max(MIN_MINUTES, min(MOST_MINUTES, brief.session_minutes))
    unit = brief.week_minutes * SHARE_OF_WEEK / sum(_WEIGHT[slot] for slot in slots)
    wanted = [min(longest, min(unit, USUAL_MINUTES) * _WEIGHT[slot]) for slot in slots]
    return [max(MIN_MINUTES, int(minutes) // MARK_MINUTES * MARK_MINUTES) for minutes in wanted]
