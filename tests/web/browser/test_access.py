"""Nobody is kept out: every screen, dialog and state, in light and dark, on a desktop, a phone and a narrow one."""

from typing import TYPE_CHECKING

import pytest

from tests.web.browser.accessibility import faint, faults, lost_by_keyboard, misfits, movements, without_edges
from tests.web.browser.conftest import PHONE, Learner, Open
from tests.web.browser.test_week import at
from tests.web.browser.walk import SCREENS, all_screens, sign_in, walk

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
NARROW = (320, 640)


@pytest.fixture
def busy(learner: Learner) -> Learner:
    """A student with sessions ahead, at once, done, missed and with long titles."""
    today = learner.call("GET", "/dashboard/summary")["today"]
    learner.add("Cells", at(6, 16))
    learner.add("A long title that wraps " * 5, at(6, 16, 30), duration_minutes=20)
    done = learner.add("Genes", at(5, 9))
    learner.call("PATCH", f"/sessions/{done['id']}", {"status": "done", "rating": "good", "completed_on": today})
    begun = learner.add("Enzymes", at(5, 11))
    learner.call("PATCH", f"/sessions/{begun['id']}", {"status": "in_progress", "pinned": True})
    learner.add("Membranes", at(-2, 9))
    exam = {"topic": "Biology", "date": at(40, 12)[:10]}
    learner.call(
        "PUT",
        "/users/preferences",
        {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Biology", "Maths"], "exams": [exam]},
    )
    return learner


def none_of(found: dict[str, list[str]]) -> None:
    """Fail with all that was found, where anything was."""
    lines = [f"{name}: {fault}" for name, faults_there in found.items() for fault in faults_there]
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


def in_every_look(page: "Page") -> list[str]:
    """Return what axe finds at each size in both themes; the colours alone differ between those."""
    found = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{size}: {fault}" for fault in faults(page)]
        page.emulate_media(color_scheme="dark")
        found += [f"{size}, dark: {fault}" for fault in faint(page)]
        page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    return found + [f"narrow: {fault}" for fault in misfits(page)]


def test_every_screen_is_looked_at() -> None:
    assert set(SCREENS) == all_screens()


def test_a_faint_word_is_found_among_a_hundred_others(open_page: Open) -> None:
    page = open_page()
    page.locator("form").wait_for()
    page.evaluate("""() => {
      const words = Array.from({ length: 100 }, () => document.createElement("p"));
      for (const word of words) word.append("Cells");
      words[70].style.color = "#aaa";
      document.querySelector("form").append(...words);
    }""")
    (found,) = faint(page)
    assert "Cells" in found


@pytest.mark.parametrize("language", ["en-US", "id-ID"])
def test_no_screen_and_no_dialog_has_a_fault_in_any_look(busy: Learner, open_page: Open, language: str) -> None:
    page = open_page(locale=language, has_touch=True)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = in_every_look(page) if language == "en-US" else misfits(page)

    if language != "en-US":
        page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    walk(page, busy, look)
    none_of(found)


@pytest.mark.parametrize("state", ["empty", "loading", "refused", "offline"])
def test_no_state_of_a_screen_has_a_fault(learner: Learner, open_page: Open, state: str) -> None:
    page = open_page(refusals=(503,), offline=True, **PHONE)
    sign_in(page, learner)

    def answer(route: "Route") -> None:
        if state == "empty" or route.request.url.endswith("/users/me"):
            route.fallback()
        elif state == "refused":
            problem = {"detail": "The server is busy; try again in a minute.", "code": "overloaded"}
            route.fulfill(status=503, json=problem)
        elif state == "offline":
            route.abort()

    page.route("**/api/v1/**", answer)
    found: dict[str, list[str]] = {}
    for screen in SCREENS:
        page.evaluate("screen => { location.hash = `#/${screen}`; }", screen)
        page.reload()
        page.locator("main h1").wait_for()
        page.wait_for_timeout(350)
        lines = faults(page)
        page.emulate_media(color_scheme="dark")
        found[screen] = lines + faint(page)
        page.emulate_media(color_scheme="light")
    none_of(found)


def test_all_is_reached_by_keyboard_and_shows_that_it_has_the_focus(busy: Learner, open_page: Open) -> None:
    page = open_page(**PHONE)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = lost_by_keyboard(page)

    walk(page, busy, look)
    none_of(found)


def test_nothing_moves_for_who_wants_it_so_and_forced_colours_leave_edges(busy: Learner, open_page: Open) -> None:
    page = open_page(reduced_motion="reduce", forced_colors="active")
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = movements(page) + without_edges(page)

    walk(page, busy, look)
    none_of(found)
