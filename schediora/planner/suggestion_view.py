"""A suggestion of the scheduler on the wire."""

from typing import Self

from pydantic import Field

from schediora.http.wire import View
from schediora.localtime import clock_of
from schediora.planner.scheduler.problem import Change, Suggestion, Window


class WindowView(View):
    """Free time on an ISO weekday, as local times of the day."""

    weekday: int = Field(description="ISO weekday: 1 is Monday, 7 is Sunday.", examples=[5])
    start: str = Field(description="When it begins, in the student's local time.", examples=["16:00"])
    end: str = Field(description="When it ends; `24:00` is the end of the day.", examples=["18:00"])


class SuggestionView(View):
    """The one change of preferences that would make everything fit; the field that `change` names holds the new
    value.
    """

    change: Change
    text: str = Field(
        description="The suggestion as a sentence.", examples=["With 2.5 hours of study a day, everything fits."]
    )
    daily_hours: float | None = Field(default=None, description="Hours of study a day.", examples=[2.5])
    session_minutes: int | None = Field(default=None, description="The longest single session.", examples=[None])
    window: WindowView | None = Field(
        default=None, description="Time to study that the student does not have yet.", examples=[None]
    )

    @classmethod
    def of(cls, suggestion: Suggestion) -> Self:
        """Show what the scheduler suggests."""
        return cls(
            change=suggestion.change,
            text=suggestion.text,
            daily_hours=suggestion.daily_minutes and suggestion.daily_minutes / 60,
            session_minutes=suggestion.session_minutes,
            window=_window(suggestion.window) if suggestion.window else None,
        )


def _window(window: Window) -> WindowView:
    return WindowView(weekday=window.weekday, start=clock_of(window.start), end=clock_of(window.end))
