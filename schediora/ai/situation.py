"""All that a plan depends on, read at one moment: the student's words, their time, what they learned, and what is in
the planner already.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from schediora.ai.curriculum.frame import DayTime, Frame, PastSession, Request, Role, Student, Topic
from schediora.ai.weeks import OpenWeeks, open_weeks
from schediora.ai.which_week import week_to_plan, with_light_eves
from schediora.http.caller import Caller
from schediora.localtime import A_WEEK, START_MARK_MINUTES, TO_SUNDAY
from schediora.memory.replay import Rating
from schediora.models.ai import Job
from schediora.models.users import User
from schediora.planner.history import REMEMBERED, habit_hours, is_generated, minutes_taken, recent_sessions
from schediora.planner.queries import busy_sessions, own_calendar
from schediora.planner.scheduler.free_time import free_days
from schediora.planner.scheduler.problem import SHORTEST_SESSION_MINUTES, Kind, Week
from schediora.planner.student_week import week_frame
from schediora.planner.studied import last_language
from schediora.subjects.exams import concerns, exam_days
from schediora.subjects.language import plan_language
from schediora.syllabus.coverage import Coverage
from schediora.syllabus.lists import syllabus_of
from schediora.syllabus.queries import memories_of
from schediora.syllabus.standing import standing_of
from schediora.users.queries import StudyPreferences, preferences_of


@dataclass(frozen=True, slots=True)
class Situation:
    """What a week's frame is made from, the language of its words (BCP 47), the weeks that it can be placed in, and
    which of them it is written for; `revision` changes with the planner. `goal` is the student's own sentence.

    `week` is this week or, for a plan that was asked for ahead, that one; `next_week` the one after it, None where the
    plan cannot go there. `open_weeks` says why. `over` are topics whose last exam is today: they are left out of
    `request`, unless there are no others.
    """

    revision: int
    goal: str
    language: str
    request: Request
    planned: Week
    week: Week
    next_week: Week | None
    open_weeks: OpenWeeks
    over: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Tell whether nothing that is asked for can prepare for an exam any more."""
        return self.request.topics[0].syllabus.topic in self.over


def situation_of(job: Job, caller: Caller, *, now: datetime) -> Situation:
    """Read the situation of the job's student at `now`."""
    today = caller.today(now)
    with User.snapshot():
        weeks = open_weeks(job, caller, now)
        monday = weeks.monday
        user = User.get_by_id(caller.user_id)
        wishes = preferences_of(caller.user_id)
        last_day = monday + A_WEEK + TO_SUNDAY
        there = busy_sessions(caller.user_id, monday, last_day)
        elsewhere = own_calendar(caller.user_id, monday, last_day)
        remembered = recent_sessions(caller.user_id, today - REMEMBERED)
        hours = habit_hours(caller, today)
        language = plan_language(
            job.topic,
            job.goal,
            chosen=wishes.language,
            zone=caller.zone.key,
            last=last_language(caller.user_id),
        )
        topics = tuple(
            _topic(caller, topic, job.goal, wishes, language, today, max(today, monday))
            for topic in (job.topic, *(job.also or ()))
        )
    busy = tuple(there.values())
    exams = [topic.exams for topic in topics]
    week, after = (
        with_light_eves(
            week_frame(
                caller, start, wishes, busy, now=now, busy_times=elsewhere, language=language, habit_hours=hours
            ),
            exams,
        )
        for start in (monday, monday + A_WEEK)
    )
    next_week = after if weeks.may_move else None
    planned = week_to_plan(week, next_week, exams)
    student = Student(
        today=today,
        monday=planned.monday,
        days=_days(planned),
        daily_minutes=wishes.said_daily_minutes,
        longest_session_minutes=_longest_session(planned, wishes.session_minutes),
        focus=wishes.focus_topics,
        past=tuple(_past(session) for session in remembered),
        rest_days=wishes.rest_days,
        days_off=wishes.days_off,
    )
    over = [topic for topic in topics if monday <= today and _is_over(topic, wishes, today)]
    ahead = tuple(topic for topic in topics if topic not in over)
    return Situation(
        revision=user.planner_revision,
        goal=job.goal,
        language=language,
        request=Request(student, ahead or topics),
        planned=planned,
        week=week,
        next_week=next_week,
        open_weeks=weeks,
        over=tuple(topic.syllabus.topic for topic in over),
    )


def _topic(
    caller: Caller, topic: str, goal: str, wishes: StudyPreferences, language: str, today: date, exams_after: date
) -> Topic:
    syllabus = syllabus_of(caller.user_id, topic, goal, language=language, today=today)
    memories = memories_of(caller.user_id, [unit.key for unit in syllabus.units])
    return Topic(syllabus, memories, exam_days(topic, wishes.exams, exams_after))


def _is_over(topic: Topic, wishes: StudyPreferences, today: date) -> bool:
    """Tell whether the exam of the topic is today and no other one is ahead."""
    days = [day for exam, day in wishes.exams if day >= today and concerns(exam, topic.syllabus.topic)]
    return bool(days) and set(days) == {today}


def coverage_of(situation: Situation, frame: Frame, user_id: UUID) -> list[dict[str, Any]]:
    """Return how far the student is in each topic that has units, as a job stores it, once they follow `frame`."""
    return [
        {"topic": topic.syllabus.topic, **asdict(coverage)}
        for topic in situation.request.topics
        for coverage in [_coverage(topic, frame, user_id, situation.request.student.today)]
        if coverage
    ]


def _coverage(topic: Topic, frame: Frame, user_id: UUID, today: date) -> Coverage | None:
    lessons = {
        unit.key
        for slot in frame.slots
        if slot.topic == topic.syllabus.topic and slot.kind is Kind.LEARN
        for unit in slot.units
    }
    exam = topic.exams[0] if topic.exams else None
    standing = standing_of(user_id, topic.syllabus, exam=exam, today=today, planned_lessons=len(lessons))
    return standing.coverage


def _days(week: Week) -> tuple[DayTime, ...]:
    return tuple(DayTime(day.day, day.free_minutes) for day in free_days(week))


def longest_stretch(week: Week) -> int:
    """Return the minutes of the longest session that a free stretch of the week can hold, 0 where it has none."""
    cells = max((span.end - span.start for day in free_days(week) for span in day.layout.spans), default=0)
    return cells * START_MARK_MINUTES


def _longest_session(week: Week, wanted: int) -> int:
    """Return the minutes of the longest session that the week can hold, at most as `wanted`; where it can hold none,
    steps are told in the length that the student wants.
    """
    longest = longest_stretch(week)
    return min(wanted, longest) if longest >= SHORTEST_SESSION_MINUTES else wanted


def _past(session: Any) -> PastSession:
    done_on = session.completed_on
    return PastSession(
        id=session.id,
        topic=session.topic,
        title=session.title,
        units=tuple(unit["key"] for unit in session.units or ()),
        kind=Kind(session.kind) if session.kind else None,
        role=Role(session.role) if session.role in set(Role) else None,
        planned_minutes=session.duration_minutes,
        actual_minutes=minutes_taken(
            session.actual_minutes, session.started_at, session.completed_at, session.duration_minutes
        ),
        day=session.scheduled_on,
        done_on=done_on,
        rating=Rating(session.rating) if session.rating and done_on else None,
        builds_on=tuple(map(UUID, session.builds_on or ())),
        from_plan=is_generated(session),
        pace=(session.kind and session.plan.pace_of_work) or 1.0,
    )
