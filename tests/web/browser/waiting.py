"""Waiting for what no locator shows."""

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE_SECONDS = 30


def wait_until(page: "Page", holds: str, arg: Any = None) -> None:
    """Wait until an expression, or a function of `arg`, holds in the page.

    Playwright's `wait_for_function` evaluates it in the page again and again, which the page's policy refuses unless it
    holds at once; each look from outside is allowed.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not page.evaluate(holds, arg):
        assert time.monotonic() < deadline, holds
        page.wait_for_timeout(50)
