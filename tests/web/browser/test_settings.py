"""Settings: everything in the preferences, the calendar's secret address, the busy times, and how it looks."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from schediora.users.schemas import PreferencesUpdate
from tests.web.browser.accessibility import faults
from tests.web.browser.conftest import Learner, Open
from tests.web.browser.test_week import at

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

TOMORROW = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y%m%d")
LECTURES = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Elsewhere//EN\r\nBEGIN:VEVENT\r\nUID:lecture@example.org\r\n"
    f"DTSTAMP:20260301T000000Z\r\nDTSTART;TZID=Campus Time:{TOMORROW}T080000\r\nDURATION:PT90M\r\n"
    "RRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def settings(page: "Page") -> "Page":
    """Go there."""
    page.get_by_role("link", name="Settings").click()
    page.locator(".settings").wait_for()
    return page


def card(page: "Page", heading: str) -> "Locator":
    """The part of the settings below a heading."""
    return page.locator("section.card").filter(has=page.get_by_role("heading", name=heading, exact=True))


def test_every_preference_that_the_api_takes_has_its_control(learner: Learner, open_week: Open) -> None:
    page = settings(open_week())
    rests = page.get_by_role("group", name="Sunday").get_by_label("Day of rest")
    saved = "What and how much", "When I can study", "Time and language"
    controls: dict[str, Callable[[], object]] = {
        "goal": lambda: page.get_by_label("Goal").fill("Pass with a good grade"),
        "focus_topics": lambda: page.get_by_label("Topics").fill("Biology\nHistory"),
        "daily_hours": lambda: page.get_by_label("Hours a day").fill("3.5"),
        "session_minutes": lambda: page.get_by_label("Longest session").fill("30"),
        "availability": lambda: page.get_by_label("From", exact=True).first.fill("09:15"),
        "rest_days": rests.check,
        "timezone": lambda: page.get_by_label("Time zone").select_option("Asia/Jakarta"),
        "day_starts_at": lambda: page.get_by_label("My day starts at").fill("04:00"),
        "language": lambda: page.get_by_label("Language of the plans").fill("id"),
        "exams": partial(exam, page),
        "days_off": partial(days_off, page),
    }
    assert controls.keys() == PreferencesUpdate.model_fields.keys()
    before = learner.call("GET", "/users/me")["preferences"]
    for change in controls.values():
        change()
    for heading in saved:
        with page.expect_response("**/users/me"):
            card(page, heading).get_by_role("button", name="Save").click()
    after = learner.call("GET", "/users/me")["preferences"]
    assert [name for name in controls if before[name] == after[name]] == []


def exam(page: "Page") -> None:
    """Name one ahead."""
    part = card(page, "Exams")
    part.get_by_label("Topic").fill("Biology")
    part.get_by_label("Day").fill(at(9, 12)[:10])
    part.get_by_role("button", name="Add exam").click()
    part.get_by_role("button", name="Remove: Biology").wait_for()


def days_off(page: "Page") -> None:
    """Take two days off."""
    part = card(page, "Days off")
    part.get_by_label("First day").fill(at(8, 12)[:10])
    part.get_by_label("Last day").fill(at(9, 12)[:10])
    part.get_by_role("button", name="Add days off").click()
    part.get_by_role("button", name=re.compile("Remove: ")).wait_for()


def test_the_calendars_address_is_made_copied_read_and_taken_back(learner: Learner, open_week: Open) -> None:
    learner.add("Cells", at(2, 16))
    page = settings(open_week(permissions=["clipboard-read", "clipboard-write"]))
    part = card(page, "My week in my own calendar")
    part.get_by_text("Whoever has the address sees your week").wait_for()
    part.get_by_role("button", name="Make an address").click()
    part.get_by_label("Remind me").select_option("10")
    part.get_by_role("button", name="Copy").click()
    page.locator(".toast").get_by_text("Copied.").wait_for()
    address = str(page.evaluate("navigator.clipboard.readText()"))
    assert faults(page) == []
    assert address == part.get_by_label("Secret address").input_value()
    opened = part.get_by_role("link", name="Open in a calendar").get_attribute("href")
    assert opened == address.replace("http:", "webcal:")
    with urllib.request.urlopen(address) as answer:
        feed = answer.read().decode()
    assert "SUMMARY:Cells" in feed
    assert "TRIGGER:-PT10M" in feed
    part.get_by_role("button", name="Take the address back").click()
    part.get_by_role("button", name="Take it back now").click()
    part.get_by_role("button", name="Make an address").wait_for()
    try:
        status = urllib.request.urlopen(address).status
    except urllib.error.HTTPError as refused:
        status = refused.code
    assert status == 404


def test_without_a_clipboard_the_address_is_chosen_for_copying_by_hand(open_week: Open) -> None:
    page = settings(open_week())
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Make an address").click()
    page.get_by_role("button", name="Copy").click()
    page.locator(".toast").get_by_text("It is selected").wait_for()
    assert "/calendar/" in str(page.evaluate("getSelection().toString() || document.activeElement.value"))


def test_busy_times_are_uploaded_told_of_and_forgotten(learner: Learner, open_week: Open) -> None:
    page = settings(open_week(refusals=(422,)))
    part = card(page, "When I am busy")
    part.get_by_text("Nothing is known yet.").wait_for()
    upload(part, LECTURES)
    part.get_by_text("3 events take up time from ").wait_for()
    part.get_by_text("Campus Time").wait_for()
    upload(part, "not a calendar")
    part.get_by_role("alert").wait_for()
    upload(part, "x" * (1024 * 1024 + 1))
    part.get_by_text("That file is larger than 1 MB.").wait_for()
    assert faults(page) == []
    first = datetime.now(UTC)
    days = f"from={first:%Y-%m-%d}&to={first + timedelta(days=60):%Y-%m-%d}"
    assert len(learner.call("GET", f"/users/me/busy?{days}")) == 3
    part.get_by_role("button", name="Forget my busy times").click()
    part.get_by_role("button", name="Forget them now").click()
    part.get_by_text("Nothing is known yet.").wait_for()
    assert learner.call("GET", f"/users/me/busy?{days}") == []


def upload(part: "Locator", text: str) -> None:
    """Choose a file that says `text`."""
    part.get_by_label("Calendar file").set_input_files(
        {"name": "mine.ics", "mimeType": "text/calendar", "buffer": text.encode()}
    )


def test_the_theme_is_changed_from_every_screen(open_week: Open) -> None:
    page = open_week()
    worn = []
    for name in ("As the system", "Light", "Dark"):
        page.get_by_role("button", name=f"Theme: {name}").click()
        worn.append(page.evaluate("document.documentElement.dataset.theme ?? ''"))
    assert worn == ["light", "dark", ""]
