"""A new student's first steps: by mouse, by keyboard and by finger, and what stays when they turn back or reload."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from tests.live import Service
from tests.web.browser.conftest import PASSWORD, ZONE, Learner, Open

if TYPE_CHECKING:
    from playwright.sync_api import Page


_numbers = count(1)


@pytest.fixture
def newcomer(server: Service) -> Learner:
    """A student of Tokyo who has told nothing yet."""
    email = f"newcomer{next(_numbers)}@example.com"
    pair = server.call("POST", "/auth/register", {"email": email, "password": PASSWORD, "timezone": ZONE}).json
    return Learner(server, email, pair["access_token"])


def steps(open_page: Open, student: Learner, **options: Any) -> "Page":
    """Open the app as `student`; it opens on the first steps."""
    page = open_page(**options)
    page.locator('input[name="email"]').fill(student.email)
    page.locator('input[type="password"]').fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".first").wait_for()
    return page


def preferences(student: Learner) -> Any:
    return student.call("GET", "/users/me")["preferences"]


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%d")


def cell(weekday: int, hour: float) -> str:
    """Where the half hour of a weekday is on the sheet."""
    return f'[data-weekday="{weekday}"][data-row="{int(hour * 2)}"]'


def window(weekday: int, start: str, end: str) -> dict[str, Any]:
    return {"weekday": weekday, "start": start, "end": end}


def drag(page: "Page", begin: str, end: str) -> None:
    """Paint from one half hour to another with the mouse."""
    page.locator(begin).hover()
    page.mouse.down()
    page.locator(end).hover()
    page.mouse.up()


def test_by_mouse_a_student_goes_from_their_account_to_a_plan_in_the_hours_that_they_painted(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("E-mail address").fill("by.mouse@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make an account").click()
    page.get_by_text("Step 1 of 3").wait_for()
    page.get_by_label("Goal").fill("Pass the semester exam")
    page.get_by_label("Topic 1").fill("Biology")
    page.get_by_label("Exam (optional)").fill(in_days(21))
    page.get_by_role("button", name="Add a topic").click()
    page.get_by_label("Topic 2").fill("Puppetry")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Step 2 of 3").wait_for()
    page.get_by_text("Nothing is painted yet.").wait_for()
    assert page.locator(".paint .free").count() == 0
    drag(page, cell(1, 16), cell(5, 19.5))
    drag(page, cell(3, 17), cell(3, 17.5))
    page.get_by_text("19 h a week are free").wait_for()
    wednesday = page.get_by_role("group", name="Wednesday")
    assert [field.input_value() for field in wednesday.get_by_label("To", exact=True).all()] == ["17:00", "20:00"]
    page.get_by_role("group", name="Sunday").get_by_label("Day of rest").check()
    page.get_by_label("Longest session").fill("30")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Step 3 of 3").wait_for()
    page.get_by_text("0 of 14 known").click()
    page.get_by_label("I know everything up to").select_option(label="Membranes and transport")
    page.get_by_role("button", name="Mark as known").click()
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.get_by_role("button", name="Not in my exam Evolution and classification").click()
    page.get_by_text("2 of 14 known").click()
    page.get_by_text("no list yet").click()
    page.get_by_role("textbox", name="Chapters, one a line").fill("- Strings\n\n- Rods\n- Shadows")
    page.get_by_role("button", name="Keep these chapters").click()
    page.get_by_text("0 of 3 known").wait_for()
    page.get_by_role("button", name="Make my plan").click()
    page.get_by_role("link", name="See the week").click(timeout=60_000)
    page.locator("section.week").wait_for()
    token = page.evaluate("JSON.parse(localStorage.getItem('schediora.tokens')).access_token")
    assert token
