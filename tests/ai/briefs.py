"""Briefs for the tests of what plans are made of: an ordinary week of two hours a day, changed where a test cares."""

from datetime import date, timedelta
from typing import Any

from schediora.ai.content.brief import Brief

MONDAY = date(2026, 11, 23)


def brief(*, week: int = 0, **changes: Any) -> Brief:
    """Return a brief for the week that begins `week` weeks after MONDAY."""
    monday = MONDAY + timedelta(weeks=week)
    usual: dict[str, Any] = {
        "goal": "Understand it well",
        "topic": "Biology",
        "daily_minutes": 120,
        "session_minutes": 45,
        "focus_topics": ("Everything",),
        "exams": (),
        "recent": (),
        "today": monday,
        "week_start": monday,
        "week_minutes": 840,
    }
    return Brief(**{**usual, **changes})
