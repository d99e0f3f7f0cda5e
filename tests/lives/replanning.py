"""Placing anew what was missed, by chance: what is moved, kept and impossible is held against the sessions."""

from typing import Any

from tests.lives.life import Life
from tests.lives.reference import Shown, day, ends, instant, is_open, overdue, overlapped
from tests.planner.book import ok, refused

REPLAN, UNDO = "/plans/current/replan", "/plans/current/replan/undo"


def replan(life: Life) -> None:
    """Preview, apply, look whether it settled, and mostly go back: sessions are then as they were."""
    before = life.sessions()
    body = {"include_overdue": True} if life.chance.random() < 0.5 else {}
    answer = life.call("POST", REPLAN, body)
    assert life.sessions() == before
    if answer.status_code == 404:
        refused(answer, 404, "no_current_plan")
        return
    shown = ok(answer)
    _is_sound(life, body, shown, before)
    if life.chance.random() < 0.2:
        return
    applied = ok(life.call("POST", REPLAN, body | {"apply": True, "revision": shown["revision"]}))
    assert applied == shown | {"applied": True}
    again = ok(life.call("POST", REPLAN, body))
    assert again["moved"] == [], again["moved"]
    if shown["moved"] and life.chance.random() < 0.5:
        ok(life.call("POST", UNDO))
        assert life.sessions() == before


def _wanted(life: Life, include_overdue: bool, before: list[Shown]) -> set[str]:
    """Return the ids of the sessions of which a preview has to say something: those of the week that are not done, and
    what is overdue if that is asked for; of pinned and begun ones those that were missed.
    """
    listed = [session for session in life.get("/sessions?week=current") if is_open(session)]
    if include_overdue:
        listed += overdue(before, life.today)
    return {session["id"] for session in listed if _may_move(session) or _is_missed(life, session)}


def _may_move(session: Shown) -> bool:
    return session["status"] == "pending" and not session["pinned"]


def _is_missed(life: Life, session: Shown) -> bool:
    """Tell whether a session is over; one that was begun is so on a later day than that."""
    if session["status"] == "pending":
        return ends(session) <= life.now
    begun_on = life.rules.day_of(instant(session["started_at"]))
    return max(begun_on, day(session["scheduled_on"])) < life.today


def _is_sound(life: Life, body: dict[str, Any], shown: dict[str, Any], before: list[Shown]) -> None:
    """Assert that a preview speaks of open sessions, each once, and moves them to times ahead that are free."""
    by_id = {session["id"]: session for session in before}
    named = [entry["id"] for part in ("moved", "kept", "impossible") for entry in shown[part]]
    assert len(named) == len(set(named))
    moved = {entry["id"]: instant(entry["scheduled_at"]) for entry in shown["moved"]}
    assert all(is_open(by_id[key]) for key in named)
    assert _wanted(life, "include_overdue" in body, before) == set(named)
    after = [
        session | {"scheduled_at": moved[session["id"]].strftime("%Y-%m-%dT%H:%M:%SZ")}
        if session["id"] in moved
        else session
        for session in before
    ]
    for session in after:
        if session["id"] in moved:
            assert not session["pinned"]
            starts_at = moved[session["id"]]
            assert starts_at >= life.now
            if session["due_on"] and not session["late"]:
                assert life.rules.day_of(starts_at) <= day(session["due_on"]), session
            on = overlapped(after, starts_at, session["duration_minutes"])
            assert [other["id"] for other in on] == [session["id"]], on
            assert not life.rules.rests_on(life.rules.day_of(starts_at))


def undo(life: Life) -> None:
    """Take back the last replanning, whatever has happened since."""
    answer = life.call("POST", UNDO)
    assert answer.status_code in (200, 409), answer.text
