"""A student's whole week, from the account to the sign-out, on a phone whose clock and server's clock go on."""

import urllib.request
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.web.browser.conftest import PASSWORD, PHONE, ZONE, LateService, Learner, Open
from tests.web.browser.gestures import Finger
from tests.web.browser.test_week import entry, hour_height, middle, monday

if TYPE_CHECKING:
    from playwright.sync_api import Page

EMAIL = "story@example.com"
DAY_SECONDS = 86_400


def until_monday_morning() -> int:
    """Return how many seconds lie before seven o'clock in Tokyo on next week's Monday."""
    return int((monday() + timedelta(days=7, hours=7) - datetime.now(UTC)).total_seconds())


def make_an_account(page: "Page") -> None:
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make an account").click()
    page.get_by_text("Step 1 of 3").wait_for()


def take_the_first_steps(page: "Page") -> None:
    page.get_by_label("Goal").fill("Pass the semester exam")
    page.get_by_label("Topic 1").fill("Biology")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Step 2 of 3").wait_for()
    page.locator('[data-weekday="1"][data-row="30"]').hover()
    page.mouse.down()
    page.locator('[data-weekday="7"][data-row="41"]').hover()
    page.mouse.up()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Step 3 of 3").wait_for()
    page.get_by_role("button", name="Make my plan").click()
    page.get_by_role("link", name="See the week").click(timeout=60_000)
    page.locator(".week .session").first.wait_for()


def live_in(page: "Page", zone: str) -> None:
    """Until now the student's zone was the browser's."""
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Time zone").select_option(zone)
    card = page.locator("section.card").filter(has=page.get_by_label("Time zone"))
    with page.expect_response("**/users/preferences"):
        card.get_by_role("button", name="Save").click()


def plan(student: Learner) -> list[Any]:
    found: list[Any] = student.call("GET", "/sessions?week=all")
    return found


def drag_by_an_hour(page: "Page", session: Any) -> None:
    finger = Finger(page)
    entry(page, session).scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    x, y = middle(entry(page, session))
    finger.take_hold((x, y))
    finger.draw([(x, y + hour_height(page) / 2), (x, y + hour_height(page))])
    with page.expect_response("**/sessions/*"):
        finger.lift()


def tick_off(page: "Page", session: Any) -> None:
    entry(page, session).get_by_role("button").click()
    page.get_by_role("button", name="Done", exact=True).click()
    page.get_by_text("Good", exact=True).click()
    page.get_by_role("button", name="Tick off").click()


def test_a_student_lives_through_a_week(late_server: LateService, open_page: Open) -> None:
    late_server.move(until_monday_morning())
    page = open_page(at=late_server, offline=True, timezone_id="Asia/Jakarta", **PHONE)
    late_server.move(0, page)

    make_an_account(page)
    take_the_first_steps(page)
    live_in(page, ZONE)
    token = late_server.call("POST", "/auth/login", {"email": EMAIL, "password": PASSWORD}).json["access_token"]
    student = Learner(late_server, EMAIL, token)
    first, second, *rest = plan(student)
    assert len(rest) >= 2
    assert student.call("GET", "/users/me")["timezone"] == ZONE

    page.get_by_role("link", name="Week").click()
    drag_by_an_hour(page, second)
    moved = student.session(second["id"])
    later = datetime.fromisoformat(second["scheduled_at"]) + timedelta(hours=1)
    assert (datetime.fromisoformat(moved["scheduled_at"]), moved["pinned"]) == (later, True)

    with page.expect_response("**/sessions/*"):
        tick_off(page, first)
    page.locator(".session.done").wait_for()
    assert (student.session(first["id"])["status"], student.session(first["id"])["rating"]) == ("done", "good")

    # Two days pass in which nothing is done.
    late_server.move(2 * DAY_SECONDS, page)
    page.get_by_text("missed").first.wait_for()
    before = plan(student)
    page.locator(".overdue summary").click()
    page.get_by_role("link", name="Plan the rest anew").click()
    # The week is full, as every day of it was planned for: there is one change that makes room.
    page.get_by_role("button", name="Make this change").click()
    page.get_by_role("button", name="Move them").click()
    undo = page.locator(".toast").get_by_role("button", name="Undo")
    undo.wait_for()
    assert plan(student) != before
    with page.expect_response("**/replan/undo"):
        undo.click()
    assert [(one["id"], one["scheduled_at"]) for one in plan(student)] == [
        (one["id"], one["scheduled_at"]) for one in before
    ]

    page.get_by_role("link", name="Progress").click()
    page.get_by_text("1 day").first.wait_for()

    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Make an address").click()
    address = page.get_by_label("Secret address").input_value()
    with urllib.request.urlopen(address) as answer:
        feed = answer.read().decode()
    assert feed.startswith("BEGIN:VCALENDAR\r\n")
    assert feed.count("BEGIN:VEVENT") == len(before)

    page.get_by_role("link", name="Week").click()
    page.locator(".week .session").first.wait_for()
    waiting = next(one for one in before if one["status"] == "pending" and one["scheduled_at"] > first["scheduled_at"])
    page.context.set_offline(True)
    tick_off(page, waiting)
    page.locator(f'[data-session="{waiting["id"]}"].done').first.wait_for()
    assert student.session(waiting["id"])["status"] == "pending"
    with page.expect_response("**/sessions/*"):
        page.context.set_offline(False)
    assert student.session(waiting["id"])["status"] == "done"

    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Sign out").first.click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert page.get_by_text(waiting["title"]).count() == 0
    assert page.evaluate("localStorage.getItem('schediora.tokens')") is None
