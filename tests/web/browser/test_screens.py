"""What the screens do beside the week: the door, the board, settings, replanning, and life without a network."""

from datetime import UTC, datetime, timedelta

from tests.web.browser.conftest import PASSWORD, Learner, Open
from tests.web.browser.test_week import at


def long_ago() -> str:
    """An instant three days back."""
    return (datetime.now(UTC) - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_new_student_makes_an_account_and_their_first_plan(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("E-mail address").fill(f"first{id(page)}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make an account").click()
    page.get_by_role("button", name="Skip for now").click()
    page.get_by_text("Nothing is planned this week yet.").wait_for()
    page.get_by_role("link", name="Make my plan").click()
    page.get_by_label("Goal").fill("Pass the semester exam")
    page.get_by_label("Topics").fill("Biology\nMath")
    page.get_by_role("button", name="Make my plan").click()
    page.get_by_role("link", name="See the week").click(timeout=60_000)
    page.get_by_role("link", name="Board").click()
    page.get_by_role("heading", name="To do").wait_for()


def test_where_no_mail_is_sent_a_forgotten_password_is_promised_no_link(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_text("This server sends no mail.").wait_for()
    assert page.locator("form").count() == 0
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").wait_for()


def test_a_session_goes_from_lane_to_lane(learner: Learner, open_week: Open) -> None:
    session = learner.add("Cells", at(2, 16))
    page = open_week()
    page.get_by_role("link", name="Board").click()
    page.get_by_role("button", name="Start Cells").click()
    with page.expect_response(lambda answer: "done" in (answer.request.post_data or "")):
        page.get_by_role("button", name="Done Cells").click()
    page.get_by_role("button", name="Not done after all Cells").wait_for()
    assert learner.session(session["id"])["status"] == "done"


def test_who_signs_out_leaves_nothing_to_the_next_one(learner: Learner, open_week: Open) -> None:
    learner.add("Cells", at(2, 16))
    page = open_week()
    page.locator(".week .session").get_by_text("Cells").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert page.get_by_text("Cells").count() == 0
    assert page.evaluate("localStorage.getItem('schediora.tokens')") is None


def test_an_access_token_that_has_run_out_is_renewed_once_for_all_calls(learner: Learner, open_week: Open) -> None:
    page = open_week(refusals=(401,))
    refreshed: list[str] = []
    page.on("request", lambda sent: refreshed.append(sent.url) if sent.url.endswith("/auth/refresh") else None)
    page.evaluate(
        """() => {
          const held = JSON.parse(localStorage.getItem("schediora.tokens"));
          held.access_token = held.access_token.slice(0, -4) + "AAAA";
          localStorage.setItem("schediora.tokens", JSON.stringify(held));
        }"""
    )
    page.reload()
    page.locator("section.week").wait_for()
    assert len(refreshed) == 1


def test_settings_are_kept_and_what_is_wrong_stands_at_its_field(learner: Learner, open_week: Open) -> None:
    page = open_week(refusals=(422,))
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Hours a day").fill("3.5")
    page.get_by_label("Topics").fill("Biology\nHistory")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("Saved.").first.wait_for()
    page.get_by_label("Topic", exact=True).fill("Biology")
    page.locator('input[name="date"]').fill(at(6, 16)[:10])
    page.get_by_role("button", name="Add exam").click()
    page.get_by_role("button", name="Remove: Biology").wait_for()
    preferences = learner.call("GET", "/users/me")["preferences"]
    assert (preferences["daily_hours"], preferences["focus_topics"]) == (3.5, ["Biology", "History"])
    assert [exam["topic"] for exam in preferences["exams"]] == ["Biology"]
    page.get_by_label("Hours a day").fill("99")
    page.get_by_role("button", name="Save").first.click()
    page.locator(".fault").wait_for()
    assert page.get_by_label("Hours a day").get_attribute("aria-invalid") == "true"
    page.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="Bahasa Indonesia").click()
    page.reload()
    page.get_by_role("heading", name="Pengaturan").wait_for()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_what_was_missed_is_planned_anew_after_a_look_at_before_and_after_and_taken_back(
    learner: Learner, open_week: Open
) -> None:
    missed = learner.add("Cells", long_ago())
    page = open_week()
    page.get_by_text("1 session was missed").click()
    page.get_by_role("link", name="Plan the rest anew").click()
    page.get_by_text("1 session would move").wait_for()
    page.get_by_role("button", name="Move them").click()
    page.get_by_text("1 session was moved.").first.wait_for()
    assert learner.session(missed["id"])["scheduled_at"] > missed["scheduled_at"]
    with page.expect_response("**/replan/undo"):
        page.get_by_role("button", name="Undo").click()
    assert learner.session(missed["id"])["scheduled_at"] == missed["scheduled_at"]
