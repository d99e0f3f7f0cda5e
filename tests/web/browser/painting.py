"""Painting the hours to study, and what the API keeps of them."""

from typing import TYPE_CHECKING, Any

from tests.web.browser.conftest import Learner
from tests.web.browser.gestures import Finger, Point

if TYPE_CHECKING:
    from playwright.sync_api import Page

FREE = ".paint .free"


def cell(weekday: int, hour: float) -> str:
    """Where the half hour of a weekday is on the sheet."""
    return f'[data-weekday="{weekday}"][data-row="{int(hour * 2)}"]'


def window(weekday: int, start: str, end: str) -> dict[str, Any]:
    """Return a window as the API has it."""
    return {"weekday": weekday, "start": start, "end": end}


def preferences(student: Learner) -> Any:
    """Return what the server keeps, None before it was told."""
    return student.call("GET", "/users/me")["preferences"]


def tell(student: Learner, **fields: Any) -> None:
    """Set preferences."""
    student.call("PUT", "/users/preferences", {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Biology"], **fields})


def drag(page: "Page", begin: str, end: str) -> None:
    """Paint from one half hour to another with the mouse."""
    page.locator(begin).hover()
    page.mouse.down()
    page.locator(end).hover()
    page.mouse.up()


def middle(page: "Page", where: str) -> Point:
    """Return the middle of the first that is there."""
    box = page.locator(where).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def swipe(page: "Page", begin: Point, end: Point) -> None:
    """Draw a finger from here to there."""
    finger = Finger(page)
    finger.press(begin)
    finger.draw(
        (begin[0] + (end[0] - begin[0]) * step / 8, begin[1] + (end[1] - begin[1]) * step / 8) for step in range(1, 9)
    )
    finger.lift()
