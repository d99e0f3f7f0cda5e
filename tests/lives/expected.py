"""What a change of a session makes of it, told from the contract alone."""

from datetime import UTC, date, datetime
from typing import Any

from tests.lives.reference import DAY, Rules, Shown, is_late


def wire(instant: datetime) -> str:
    """Return an instant as answers carry it."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def patched(session: Shown, fields: dict[str, Any], now: datetime, rules: Rules) -> Shown | None:
    """Return the session as it has to be shown after the change, None where the change has to be refused."""
    today = rules.day_of(now)
    after = session | {name: value for name, value in fields.items() if name != "scheduled_at"}
    was_done, done = session["status"] == "done", after["status"] == "done"
    if "completed_on" in fields:
        on = date.fromisoformat(fields["completed_on"])
        if not done or not (fields["completed_on"] == session["completed_on"] or today - 7 * DAY <= on <= today):
            return None
    if fields.get("rating") and not done:
        return None
    if fields.get("due_on") not in (None, session["due_on"]) and date.fromisoformat(fields["due_on"]) < today:
        return None
    if done and not was_done:
        after["completed_at"] = wire(now)
        after.setdefault("completed_on", None)
        after["completed_on"] = fields.get("completed_on") or today.isoformat()
    if not done:
        after |= {"completed_at": None, "completed_on": None, "rating": None}
    if after["status"] == "in_progress" and session["started_at"] is None:
        after["started_at"] = wire(now)
    if after["status"] == "pending":
        after["started_at"] = None
    if "scheduled_at" in fields:
        at = datetime.fromisoformat(fields["scheduled_at"])
        if wire(at) != session["scheduled_at"]:
            after |= {"scheduled_at": wire(at), "scheduled_on": rules.day_of(at).isoformat()}
            after["pinned"] = fields.get("pinned", True)
    after["late"] = is_late(after, today)
    return after
