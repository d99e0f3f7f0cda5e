"""Sessions are moved, begun, ticked off, added and deleted in the week, by mouse, finger and keyboard."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.web.browser.accessibility import faults
from tests.web.browser.conftest import PHONE, ZONE, Learner, Open
from tests.web.browser.gestures import Finger

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

NASTY = "<img src=x onerror=alert(1)>\"'&amp;{{7*7}}${1}</button>" + "\u202eabc" + "W" * 90


def monday() -> datetime:
    """Midnight in Tokyo of this week's Monday, in UTC."""
    now = datetime.now(ZoneInfo(ZONE))
    return (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def at(day: int, hour: int, minute: int = 0) -> str:
    """An instant of this week in Tokyo; 0 is Monday."""
    return (monday() + timedelta(days=day, hours=hour, minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")


def entry(page: "Page", session: Any) -> "Locator":
    return page.locator(f'[data-session="{session["id"]}"]').first


def middle(place: "Locator") -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + 8


def column(page: "Page", day: int) -> "Locator":
    return page.locator("[data-date]").nth(day)


def hour_height(page: "Page") -> float:
    box = page.locator(".hours span").nth(1).bounding_box()
    assert box is not None
    return box["height"]


def test_a_drag_by_mouse_moves_a_session_to_the_time_in_the_students_zone(learner: Learner, open_week: Open) -> None:
    session = learner.add("Cells", at(2, 16))
    page = open_week()
    x, y = middle(entry(page, session))
    target, _ = middle(column(page, 3))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y)
    page.mouse.move(target, y - 2 * hour_height(page), steps=4)
    with page.expect_response("**/sessions/*") as sent:
        page.mouse.up()
    assert sent.value.status == 200
    moved = learner.session(session["id"])
    assert (moved["scheduled_at"], moved["pinned"]) == (at(3, 14), True)
    with page.expect_response("**/sessions/*"):
        page.get_by_role("button", name="Undo").click()
    back = learner.session(session["id"])
    assert (back["scheduled_at"], back["pinned"]) == (at(2, 16), False)


def test_a_session_is_moved_by_keyboard_alone(learner: Learner, open_week: Open) -> None:
    session = learner.add("Cells", at(2, 16))
    page = open_week()
    entry(page, session).get_by_role("button").focus()
    for key in ("Space", "ArrowRight", "ArrowDown", "ArrowDown", "Escape", "Space", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    with page.expect_response("**/sessions/*"):
        page.keyboard.press("Enter")
    assert learner.session(session["id"])["scheduled_at"] == at(1, 15, 45)


def test_a_finger_that_holds_moves_a_session_and_one_that_swipes_scrolls(learner: Learner, open_week: Open) -> None:
    day = min(datetime.now(ZoneInfo(ZONE)).weekday(), 5)
    session = learner.add("Cells", at(day, 16))
    page = open_week(**PHONE)
    finger = Finger(page)
    entry(page, session).scroll_into_view_if_needed()
    x, y = middle(entry(page, session))
    finger.press((x, y))
    finger.draw([(x, y - 30), (x, y - 60)])
    finger.lift()
    assert learner.session(session["id"])["scheduled_at"] == at(day, 16)

    entry(page, session).scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    x, y = middle(entry(page, session))
    finger.take_hold((x, y))
    finger.draw([(x, y - hour_height(page) / 2), (x, y - hour_height(page))])
    with page.expect_response("**/sessions/*"):
        finger.lift()
    assert learner.session(session["id"])["scheduled_at"] == at(day, 15)


def test_a_session_is_begun_and_ticked_off_with_how_it_went(learner: Learner, open_week: Open) -> None:
    session = learner.add("Cells", at(2, 16))
    page = open_week()
    entry(page, session).get_by_role("button").click()
    page.get_by_role("button", name="Start").click()
    page.get_by_role("timer").wait_for()
    page.get_by_role("button", name="Done", exact=True).click()
    page.get_by_text("Hard", exact=True).click()
    page.get_by_label("Minutes it took").fill("50")
    with page.expect_response("**/sessions/*"):
        page.get_by_role("button", name="Tick off").click()
    page.locator(".session.done").wait_for()
    done = learner.session(session["id"])
    assert (done["status"], done["rating"], done["actual_minutes"]) == ("done", "hard", 50)


def test_a_session_is_moved_pinned_and_deleted_from_its_sheet(learner: Learner, open_week: Open) -> None:
    session = learner.add("Cells", at(6, 16))
    page = open_week()
    entry(page, session).get_by_role("button").click()
    with page.expect_response("**/sessions/*"):
        page.get_by_role("button", name="Pin", exact=True).click()
    page.get_by_role("button", name="Unpin").wait_for()
    page.get_by_role("button", name="Move to").click()
    page.get_by_label("Time").fill("18:30")
    with page.expect_response("**/sessions/*"):
        page.get_by_role("button", name="Move", exact=True).click()
    assert learner.session(session["id"])["scheduled_at"] == at(6, 18, 30)
    entry(page, session).get_by_role("button").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    with page.expect_response("**/sessions/*"):
        page.get_by_role("button", name="Delete this session").click()
    entry(page, session).wait_for(state="detached")
    assert learner.call("GET", "/sessions?week=all") == []


def test_a_session_is_added_by_hand_and_what_students_write_is_never_markup(learner: Learner, open_week: Open) -> None:
    page = open_week()
    for _ in range(2):
        page.get_by_role("button", name="Add a session").click()
        page.get_by_label("Title").fill(NASTY)
        page.get_by_label("Topic").fill(NASTY[:110])
        page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_role("button", name="Dismiss").click()
    page.locator(".week .session").nth(1).get_by_role("button").click()
    page.get_by_role("dialog").get_by_text("<img src=x").first.wait_for()
    assert page.locator("dialog img, .week img, .toast img").count() == 0
    assert len(learner.call("GET", "/sessions?week=all")) == 2


def test_a_session_whose_answer_was_lost_is_there_once_however_often_it_is_added(
    learner: Learner, open_week: Open
) -> None:
    page = open_week(offline=True)

    def lose(route: "Route") -> None:
        route.fetch()
        route.abort()

    page.route("**/plans", lose, times=1)
    page.get_by_role("button", name="Add a session").click()
    page.get_by_label("Title").fill("Cells")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("dialog").get_by_role("alert").wait_for()
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("dialog").wait_for(state="detached")
    assert [one["title"] for one in learner.call("GET", "/sessions?week=all")] == ["Cells"]


def test_what_is_wrong_stands_at_its_field(learner: Learner, open_week: Open) -> None:
    page = open_week(refusals=(422,))
    page.get_by_role("button", name="Add a session").click()
    page.get_by_label("Minutes").fill("5")
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("#" + (page.get_by_label("Title").get_attribute("id") or "") + "-fault").wait_for()
    assert page.get_by_label("Title").evaluate("(field) => field === document.activeElement")
    assert page.get_by_label("Minutes").get_attribute("aria-invalid") == "true"


def test_what_takes_up_other_time_is_grey_and_said(learner: Learner, open_week: Open) -> None:
    day = (monday() + timedelta(days=6, hours=10)).strftime("%Y%m%dT%H%M%SZ")
    event = f"BEGIN:VEVENT\r\nUID:a@b\r\nDTSTAMP:{day}\r\nDTSTART:{day}\r\nDURATION:PT90M\r\nEND:VEVENT\r\n"
    calendar = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Elsewhere//EN\r\n{event}END:VCALENDAR\r\n"
    learner.server.call(
        "PUT", "/users/me/busy", body=calendar.encode(), headers={"Content-Type": "text/calendar"}, token=learner.token
    )
    page = open_week()
    assert faults(page) == []
    column(page, 6).get_by_text(re.compile("busy: 10:00.11:30")).wait_for(state="attached")
    box = column(page, 6).locator(".busy").bounding_box()
    assert box is not None
    assert abs(box["height"] - 1.5 * hour_height(page)) < 1


def test_a_session_is_added_from_what_comes_next_and_what_it_overlaps_is_named(
    learner: Learner, open_week: Open
) -> None:
    learner.add("Cells", at(6, 16))
    page = open_week()
    page.get_by_role("button", name="Add a session").click()
    idea = page.get_by_role("group", name="What comes next").get_by_role("button").first
    topic = str(idea.locator("small").inner_text()).split(" · ")[0]
    idea.click()
    page.get_by_label("Day (optional)").fill(at(6, 16)[:10])
    page.get_by_label("Time (optional)").fill("16:30")
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator(".toast").get_by_text("It overlaps “Cells”.").wait_for()
    made = next(one for one in learner.call("GET", "/sessions?week=all") if one["title"] != "Cells")
    assert (made["topic"], [unit["title"] for unit in made["units"]]) == (topic, [made["title"]])


def test_a_repetition_is_made_and_its_later_sessions_are_deleted(learner: Learner, open_week: Open) -> None:
    page = open_week()
    page.get_by_role("button", name="Add a session").click()
    page.get_by_label("Title").fill("Cells")
    page.get_by_label("Day (optional)").fill(at(6, 16)[:10])
    page.get_by_label("Time (optional)").fill("16:00")
    page.get_by_text("Repeat, or a day it is due").click()
    page.get_by_label("Repeat", exact=True).select_option("week")
    page.get_by_label("Until").fill(at(20, 16)[:10])
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator(".week .session").get_by_role("button").click()
    assert len(learner.call("GET", "/sessions?week=all")) == 3
    page.get_by_role("button", name="Delete", exact=True).click()
    with page.expect_response("**/sessions/*"):
        page.get_by_role("button", name="This one and the later ones").click()
    page.locator(".week .session").wait_for(state="detached")
    assert learner.call("GET", "/sessions?week=all") == []


def test_a_session_without_a_time_takes_a_free_one_of_its_day(learner: Learner, open_week: Open) -> None:
    learner.add("Cells", at(13, 8))
    page = open_week(refusals=(404,))
    page.get_by_role("button", name="The week after").click()
    page.locator(".week .session").wait_for()
    page.get_by_role("button", name="Add a session").click()
    page.get_by_label("Title").fill("Genes")
    page.get_by_label("Day (optional)").fill(at(13, 12)[:10])
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator(".toast").get_by_text("at 09:00.").wait_for()
    made = next(one for one in learner.call("GET", "/sessions?week=all") if one["title"] == "Genes")
    assert made["scheduled_at"] == at(13, 9)


def test_a_slow_answer_closes_nothing_that_was_opened_since(learner: Learner, open_week: Open) -> None:
    session = learner.add("Cells", at(2, 16))
    page = open_week()
    slow: list[Any] = []

    def hold(route: Any) -> None:
        slow.append(route)

    page.route("**/sessions/*", hold, times=1)
    entry(page, session).get_by_role("button").click()
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Done", exact=True).click()
    page.get_by_text("Good", exact=True).click()
    with page.expect_response("**/sessions/*"):
        slow[0].continue_()
    page.get_by_role("timer").wait_for()
    page.get_by_label("Minutes it took").fill("40")
    with page.expect_response("**/sessions/*"):
        page.get_by_role("button", name="Tick off").click()
    page.locator(".session.done").wait_for()
    done = learner.session(session["id"])
    assert (done["status"], done["rating"], done["actual_minutes"]) == ("done", "good", 40)
