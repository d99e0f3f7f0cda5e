"""The way through every screen and dialog of the app, for tests that look at all of them."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.web.browser.conftest import PASSWORD, Learner
from tests.web.test_files import STATIC

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCREENS = {
    "week": "section.week",
    "board": ".board",
    "progress": ".facts",
    "settings": ".settings",
    "account": ".devices li",
    "generate": ".wish form",
    "replan": ".replan",
    "first": ".first form",
}
"""Each screen with what it shows once it is there."""
DIALOGS = {
    "week": {"sheet": ".week .session.pending:not(.missed) button", "add": ".head .actions button:last-child"},
    "board": {"card": ".lane .title"},
}
"""What opens over a screen, with what is pressed for it."""


def all_screens() -> set[str]:
    """Return the addresses of the app's own list."""
    return set(re.findall(r'\bat: "([\w-]+)"', (STATIC / "shell" / "screens.js").read_text(encoding="utf-8")))


def sign_in(page: "Page", learner: Learner) -> None:
    """Sign in, whatever the language."""
    page.locator('input[name="email"]').fill(learner.email)
    page.locator('input[autocomplete="current-password"]').fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("section.week").wait_for()


def walk(page: "Page", learner: Learner, look: Callable[[str], None]) -> None:
    """Come in by the door and open everything once; `look` is called with the name of what is open."""
    page.locator("form").wait_for()
    look("sign in")
    page.locator('.other a[href="#/register"]').click()
    page.locator('input[autocomplete="new-password"]').wait_for()
    look("register")
    page.locator('.other a[href="#/sign-in"]').click()
    page.locator('.other a[href="#/forgotten"]').click()
    page.locator('main a[href="#/sign-in"]').wait_for()
    look("forgotten")
    page.evaluate("location.hash = '#reset=abc'")
    page.locator('input[name="new_password"]').wait_for()
    look("reset")
    page.locator('main a[href="#/sign-in"]').click()
    page.locator('input[autocomplete="current-password"]').wait_for()
    sign_in(page, learner)
    for screen, seen in SCREENS.items():
        page.evaluate("screen => { location.hash = `#/${screen}`; }", screen)
        page.locator(seen).first.wait_for()
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        # Some ask for what they hold only when they are opened.
        page.locator("main [aria-busy=true]").first.wait_for(state="detached")
        look(screen)
        for _ in page.locator(".account [aria-expanded=false]").all():
            page.locator(".account [aria-expanded=false]").first.click()
            look(f"{screen}, asked")
        for dialog, opener in DIALOGS.get(screen, {}).items():
            page.locator(opener).first.click()
            page.locator("dialog[open]").wait_for()
            look(dialog)
            if dialog == "sheet":
                for part in ("finish", "move to", "delete"):
                    page.locator("dialog [aria-expanded=false]").nth(
                        ("finish", "move to", "delete").index(part)
                    ).click()
                    look(part)
                    page.locator("dialog [aria-expanded=true]").click()
            page.keyboard.press("Escape")
            page.locator("dialog").wait_for(state="detached")
