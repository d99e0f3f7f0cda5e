"""What students write is text on every screen, in every field, and breaks none of them on the narrowest phone."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.web.browser.conftest import Learner, Open
from tests.web.browser.test_settings import LECTURES
from tests.web.browser.test_week import monday

if TYPE_CHECKING:
    from playwright.sync_api import Page

NARROW = {"viewport": {"width": 320, "height": 640}}
MARKUP = "<img src=x onerror=\"document.title='hit'\">{{7*7}}${7*7}</b></script><script>document.title='hit'</script>"
TURNED = "\u202eright to left\u202d \u200b\u200d\u2060invisible"
LONG = "W" * 110


def found(page: "Page") -> list[str]:
    """What of it became markup, or does not fit into the page; the week and what lies in it may be scrolled."""
    return [
        str(line)
        for line in page.evaluate(
            """() => {
              const lines = [];
              const shown = [...document.querySelectorAll("main *, dialog *, .toasts *")];
              const wide = document.documentElement.scrollWidth - innerWidth;
              if (wide > 0) lines.push(`page: ${wide} px too wide`);
              if (document.title === "hit") lines.push("a script ran");
              for (const one of shown) {
                if (["IMG", "SCRIPT"].includes(one.tagName)) lines.push(`markup: ${one.outerHTML.slice(0, 80)}`);
                if (one.closest(".week, .hidden, svg") || !one.checkVisibility()) continue;
                const box = one.getBoundingClientRect();
                if (box.width && box.right > innerWidth + 1) lines.push(`${one.outerHTML.slice(0, 80)}: cut off`);
              }
              return lines;
            }"""
        )
    ]


def test_the_nastiest_words_are_text_on_every_screen(learner: Learner, open_week: Open) -> None:
    words = [MARKUP, TURNED, LONG]
    exam = (datetime.now(UTC) + timedelta(days=12)).strftime("%Y-%m-%d")
    learner.call(
        "PUT",
        "/users/preferences",
        {
            "goal": MARKUP,
            "daily_hours": 2,
            "focus_topics": words,
            "exams": [{"topic": topic, "date": exam} for topic in words],
        },
    )
    units = [{"title": title} for title in words] + [{"title": "Cells", "known": True}]
    keys = learner.call("PUT", "/syllabus", {"topic": MARKUP, "units": units})["units"]
    start = monday() + timedelta(days=6, hours=9)
    added = [
        learner.add(
            title,
            (start + timedelta(hours=2 * at)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            topic=topic,
            **({"unit": keys[at]["key"]} if topic == MARKUP else {}),
        )
        for at, (title, topic) in enumerate((title, topic) for title in words for topic in (MARKUP, LONG))
        if at < len(keys) - 1
    ]
    missed = (datetime.now(UTC) - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    added.append(learner.add(LONG, missed, topic=LONG))
    for session in added:
        learner.call("PATCH", f"/sessions/{session['id']}", {"detail": "\n".join([*words, LONG * 3])})
    page = open_week(**NARROW)
    wrong = {"week": found(page)}
    page.locator(".overdue summary").click()
    page.locator(".overdue .muted").nth(1).wait_for()
    wrong["missed"] = found(page)
    page.locator(".overdue li button").first.click()
    page.locator("dialog .text").wait_for()
    wrong["sheet"] = found(page)
    page.get_by_role("button", name="Pin", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add a session").click()
    page.locator(".ideas").wait_for()
    wrong["add"] = found(page)
    page.locator(".ideas button").first.click()
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator(".toast").wait_for()
    wrong["added"] = found(page)
    screens = {"board": ".board li", "progress": ".stands li", "settings": ".kept li", "generate": ".wish form"}
    for screen, seen in {**screens, "replan": ".replan h2"}.items():
        page.evaluate(f"location.hash = '#/{screen}'")
        page.locator(seen).first.wait_for()
        wrong[screen] = found(page)
    page.evaluate("location.hash = '#/settings'")
    calendar = LECTURES.replace("Campus Time", f'"<img src=x onerror=alert(1)> {LONG}"').encode()
    page.get_by_label("Calendar file").set_input_files(
        {"name": f"{LONG}.ics", "mimeType": "text/calendar", "buffer": calendar}
    )
    page.locator(".ways li").get_by_text("<img src=x").wait_for()
    wrong["notes"] = found(page)
    page.evaluate("location.hash = '#/generate'")
    page.get_by_role("button", name="Make my plan").click()
    page.locator(".made, .wish .banner").first.wait_for(timeout=60_000)
    wrong["made"] = found(page)
    assert [f"{screen}: {line}" for screen, lines in wrong.items() for line in lines] == []
