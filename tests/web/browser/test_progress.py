"""Progress: what was done, what lies ahead of each exam, what is due, and habits."""

from datetime import UTC, datetime, timedelta

from tests.web.browser.conftest import Learner, Open
from tests.web.browser.test_week import at


def test_a_student_who_has_done_nothing_sees_empty_charts(open_week: Open) -> None:
    page = open_week()
    page.get_by_role("link", name="Progress").click()
    page.locator(".facts").wait_for()
    assert page.locator("figure").count() == 3
    assert page.locator("figure table").count() == 3
    assert "NaN" not in page.locator("main").inner_html()
    assert page.locator("figure .arc").count() == 0
    page.get_by_role("button", name="30 days").click()
    page.get_by_text("Minutes by weekday").first.wait_for()
    assert "NaN" not in page.locator("main").inner_html()
    page.get_by_text("After a few sessions this tells").wait_for()


def test_progress_tells_how_far_each_topic_is_and_what_is_due(learner: Learner, open_week: Open) -> None:
    exam = (datetime.now(UTC) + timedelta(days=20)).strftime("%Y-%m-%d")
    exams = [{"topic": "Biology", "date": exam}, {"topic": "Pottery", "date": exam}]
    wishes = {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Biology", "Maths"], "exams": exams}
    learner.call("PUT", "/users/preferences", wishes)
    known, planned = learner.call("GET", "/syllabus?topic=Biology")["units"][:2]
    units = [
        {"key": unit["key"], "title": unit["title"], "known": unit == known}
        for unit in learner.call("GET", "/syllabus?topic=Biology")["units"]
    ]
    learner.call("PUT", "/syllabus", {"topic": "Biology", "units": units})
    ahead = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    learner.add(planned["title"], ahead, unit=planned["key"])
    page = open_week()
    page.get_by_role("link", name="Progress").click()
    biology = page.locator(".stands li").filter(has=page.get_by_role("heading", name="Biology"))
    biology.get_by_text(f"1 learned · 1 planned · {len(units) - 2} left").wait_for()
    biology.get_by_text("Exam on").first.wait_for()
    page.locator(".stands").get_by_role("heading", name="Maths").wait_for()
    page.locator(".stands li").filter(has_text="Pottery").get_by_text("Exam on").wait_for()


def test_what_was_done_is_in_the_charts_and_their_tables(learner: Learner, open_week: Open) -> None:
    session = learner.add("Cells", at(0, 16))
    learner.call("PATCH", f"/sessions/{session['id']}", {"status": "done", "actual_minutes": 50})
    page = open_week()
    page.get_by_role("link", name="Progress").click()
    page.locator(".facts").get_by_text("Days of rest and days off do not break it.").wait_for()
    subject = page.locator("figure").filter(has_text="By subject")
    subject.get_by_text("As a table").click()
    assert subject.get_by_role("row").nth(1).inner_text().split() == ["Biology", "50"]
