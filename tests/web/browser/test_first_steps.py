"""A new student's first steps: by mouse and by keyboard, and what stays when they turn back or reload."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.live import Service
from tests.web.browser.accessibility import faint, faults
from tests.web.browser.conftest import DESKTOP, PASSWORD, PHONE, Learner, Open
from tests.web.browser.painting import FREE, cell, drag, preferences, tell, window
from tests.web.browser.walk import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page


def steps(open_page: Open, student: Learner, **options: Any) -> "Page":
    """Open the app as `student`; it opens on the first steps."""
    page = open_page(**options)
    page.locator('input[name="email"]').fill(student.email)
    page.locator('input[type="password"]').fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".first").wait_for()
    return page


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%d")


def test_by_mouse_a_student_goes_from_their_account_to_a_plan_in_the_hours_that_they_painted(
    open_page: Open, server: Service
) -> None:
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
    assert page.locator(FREE).count() == 0
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

    pair = server.call("POST", "/auth/login", {"email": "by.mouse@example.com", "password": PASSWORD}).json
    student = Learner(server, "by.mouse@example.com", pair["access_token"])
    kept = preferences(student)
    assert (kept["goal"], kept["focus_topics"]) == ("Pass the semester exam", ["Biology", "Puppetry"])
    assert (kept["exams"], kept["session_minutes"]) == ([{"topic": "Biology", "date": in_days(21)}], 30)
    assert (kept["availability"][2:4], kept["rest_days"]) == (
        [window(3, "16:00", "17:00"), window(3, "18:00", "20:00")],
        [7],
    )
    biology = student.call("GET", "/syllabus?topic=Biology")["units"]
    assert [unit["state"] for unit in biology[:3]] == ["known", "known", "new"]
    assert [unit["title"] for unit in biology if unit["state"] == "left_out"] == ["Evolution and classification"]
    puppetry = student.call("GET", "/syllabus?topic=Puppetry")["units"]
    assert [unit["title"] for unit in puppetry] == ["Strings", "Rods", "Shadows"]
    sessions = student.call("GET", "/sessions?week=all")
    assert {one["topic"] for one in sessions} == {"Biology", "Puppetry"}
    assert max(one["duration_minutes"] for one in sessions) <= 30


def test_the_whole_way_goes_by_keyboard_alone(open_page: Open, newcomer: Learner) -> None:
    page = steps(open_page, newcomer)

    def tab_to(where: str) -> None:
        for _ in range(60):
            if page.evaluate("where => document.activeElement.matches(where)", where):
                return
            page.keyboard.press("Tab")
        raise AssertionError(where)

    tab_to('[name="goal"]')
    page.keyboard.type("Pass")
    page.keyboard.press("Tab")
    page.keyboard.type("Biology")
    page.keyboard.press("Enter")
    page.get_by_text("Step 2 of 3").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    tab_to('[role="gridcell"]')
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(f"Shift+{key}")
    said = page.locator('.sheet [role="status"]')
    assert said.inner_text() == "Tuesday \N{EN DASH} Wednesday, 16:00\N{EN DASH}18:00: free. 4 h a week."
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    assert said.inner_text() == "Wednesday, 17:00\N{EN DASH}17:30: not free. 3 h 30 min a week."
    assert page.locator('[role="gridcell"][tabindex="0"]').count() == 1
    tab_to(".ways-on .primary")
    page.keyboard.press("Enter")
    page.get_by_text("Step 3 of 3").wait_for()
    page.get_by_text("0 of 14 known").wait_for()
    tab_to(".topic summary")
    page.keyboard.press("Enter")
    tab_to(".units button")
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    tab_to(".ways-on .primary")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="See the week").wait_for(timeout=60_000)
    assert preferences(newcomer)["availability"] == [
        window(2, "16:00", "18:00"),
        window(3, "16:00", "17:00"),
        window(3, "17:30", "18:00"),
    ]


def test_what_is_entered_survives_the_way_back_and_a_reload(open_page: Open, newcomer: Learner) -> None:
    page = steps(open_page, newcomer, offline=True)
    page.get_by_label("Goal").fill("Pass")
    page.get_by_label("Topic 1").fill("Biology")
    page.reload()
    assert page.get_by_label("Goal").input_value() == "Pass"
    page.route("**/users/preferences", lambda route: route.abort())
    page.get_by_role("button", name="Next").click()
    page.locator(".banner", has_text="The server cannot be reached").wait_for()
    page.unroute("**/users/preferences")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_text("This needs the server").wait_for(state="detached")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Paint Monday to Friday").click()
    page.get_by_role("link", name="Back").click()
    assert page.get_by_label("Topic 1").input_value() == "Biology"
    page.go_back()
    page.reload()
    page.get_by_text("20 h a week are free").wait_for()
    assert len(preferences(newcomer)["availability"]) == 7
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Step 3 of 3").wait_for()
    assert preferences(newcomer)["availability"] == [window(day, "16:00", "20:00") for day in range(1, 6)]
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert page.evaluate("sessionStorage.getItem('schediora.first')") is None


def test_hours_that_come_before_a_goal_wait_for_it(open_page: Open, newcomer: Learner) -> None:
    page = steps(open_page, newcomer)
    page.get_by_role("link", name="Skip this step").click()
    page.get_by_text("Your hours stay here until").wait_for()
    page.get_by_role("button", name="Paint Monday to Friday").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Name your goal and a topic first").wait_for()
    page.get_by_role("link", name="What do you want to reach?").click()
    page.get_by_label("Goal").fill("Pass")
    page.get_by_label("Topic 1").fill("Biology")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("20 h a week are free").wait_for()
    assert len(preferences(newcomer)["availability"]) == 5


def test_who_skips_the_steps_comes_to_the_week_and_can_go_back_to_them(open_page: Open, newcomer: Learner) -> None:
    page = steps(open_page, newcomer)
    page.get_by_role("button", name="Skip for now").click()
    page.get_by_text("Nothing is planned this week yet.").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    sign_in(page, newcomer)
    page.get_by_role("link", name="Go through the first steps").click()
    page.get_by_text("Step 1 of 3").wait_for()
    assert preferences(newcomer) is None


def test_what_the_server_refuses_stands_at_its_field(open_page: Open, newcomer: Learner) -> None:
    page = steps(open_page, newcomer, refusals=(422,))
    page.get_by_role("button", name="Next").click()
    page.locator(".fault").first.wait_for()
    assert page.evaluate("document.activeElement.name") == "goal"
    page.get_by_label("Goal").fill("Pass")
    page.get_by_label("Topic 1").fill("Biology")
    page.get_by_role("button", name="Add a topic").click()
    page.get_by_label("Exam (optional)").last.fill(in_days(9))
    page.get_by_role("button", name="Next").click()
    page.locator('[name="topic-1"]:focus').wait_for()
    page.get_by_role("button", name="Remove: Topic 2").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Step 2 of 3").wait_for()
    page.get_by_label("Hours a day").fill("99")
    page.get_by_role("group", name="Friday").get_by_role("button", name="Add hours").click()
    page.get_by_role("group", name="Friday").get_by_label("To", exact=True).fill("16:10")
    page.get_by_role("button", name="Next").click()
    page.locator(".fault").nth(1).wait_for()
    assert page.evaluate("document.activeElement.name") == "daily_hours"
    assert page.get_by_role("group", name="Friday").locator('[aria-invalid="true"]').count() == 2
    assert preferences(newcomer)["daily_hours"] == 2


LOOKS: list[dict[str, Any]] = [DESKTOP, PHONE, {"viewport": {"width": 320, "height": 640}, "locale": "id-ID"}]


def test_axe_finds_nothing_in_any_step(open_page: Open, newcomer: Learner) -> None:
    tell(newcomer, focus_topics=["Biology", "Puppetry"], rest_days=[7], availability=[window(1, "16:10", "18:00")])
    found: dict[str, list[str]] = {}
    for look in LOOKS:
        page = open_page(**look)
        sign_in(page, newcomer)
        for step, seen in {1: ".topics", 2: ".paint .free", 3: ".topic:nth-of-type(2)"}.items():
            page.evaluate("step => { location.hash = `#/first/${step}`; }", step)
            page.locator(seen).first.wait_for()
            if step == 3:
                page.locator(".topic summary .muted:not(:empty)").nth(1).wait_for()
                page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
            found[f"{look} {step}"] = faults(page)
            page.emulate_media(color_scheme="dark")
            found[f"{look} {step}, dark"] = faint(page)
            page.emulate_media(color_scheme="light")
    assert {name: lines for name, lines in found.items() if lines} == {}
