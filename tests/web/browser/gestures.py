"""A finger on the screen."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

Point = tuple[float, float]


class Finger:
    """Touches the page as a real one does, which Playwright's own tap cannot drag."""

    def __init__(self, page: "Page") -> None:
        self._page = page
        self._client = page.context.new_cdp_session(page)

    def _do(self, kind: str, *points: Point) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        self._client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def press(self, at: Point) -> None:
        """Put it down."""
        self._do("touchStart", at)

    def draw(self, points: Iterable[Point]) -> None:
        """Move it along."""
        for point in points:
            self._do("touchMove", point)

    def lift(self) -> None:
        """Take it away."""
        self._do("touchEnd")

    def take_hold(self, at: Point) -> None:
        """Hold a session until it can be moved."""
        self.press(at)
        self._page.locator(".session.held").wait_for()
