"""Counts in the database: exact over all processes and machines that share it, and over their restarts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from schediora.clock import Clock
from schediora.db.base import bound, forget_writes
from schediora.db.statement import Statement, as_json
from schediora.models.rate_limits import RateCount
from schediora.rate_limits.counts import Counts

_COUNTED = Statement("SELECT moments FROM rate_counts WHERE key = ?")
# One statement decides and counts, so that no two can take the last place: the row is locked in between.
_COUNT = Statement(
    """
    INSERT INTO rate_counts AS counted (key, moments, spent_at) VALUES (?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET
        moments = (
            SELECT json_group_array(value) FROM (
                SELECT min(value, ?) AS value FROM json_each(counted.moments) WHERE value > ?
                UNION ALL SELECT value FROM json_each(excluded.moments))),
        spent_at = excluded.spent_at
    WHERE (SELECT count(*) FROM json_each(counted.moments) WHERE value > ?) <= ?""",
    postgres="""
    INSERT INTO rate_counts AS counted (key, moments, spent_at) VALUES (?, ?::text::jsonb, ?)
    ON CONFLICT (key) DO UPDATE SET
        moments = (
            SELECT coalesce(jsonb_agg(least(value::bigint, ?) ORDER BY value::bigint), '[]')
            FROM jsonb_array_elements_text(counted.moments) WHERE value::bigint > ?) || excluded.moments,
        spent_at = excluded.spent_at
    WHERE (SELECT count(*) FROM jsonb_array_elements_text(counted.moments) WHERE value::bigint > ?) <= ?""",
)
_GIVE_BACK_ALL = Statement(
    "DELETE FROM rate_counts WHERE key = ? AND json_array_length(moments) <= ?",
    postgres="DELETE FROM rate_counts WHERE key = ? AND jsonb_array_length(moments) <= ?",
)
_GIVE_BACK = Statement(
    "UPDATE rate_counts SET moments = json_remove(moments, '$[#-1]') WHERE key = ?",
    postgres="UPDATE rate_counts SET moments = moments - (-1) WHERE key = ?",
)
_CLEAR = Statement("DELETE FROM rate_counts WHERE key = ?")


class DatabaseCounts(Counts):
    """Counts on the thread's connection, before the transaction of what is counted: that may come to nothing."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` more under `key` unless there would be more than `limit` in the last `expiry` seconds."""
        if amount > limit:
            return False
        now = self._clock()
        moment = _milliseconds(now)
        since = moment - expiry * 1000
        spent_at = now + timedelta(seconds=expiry)
        with _no_reason_not_to_try_again():
            moments = json.dumps([moment] * amount)
            return bool(_COUNT.run(key, moments, spent_at, moment, since, since, limit - amount))

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the oldest of the last `expiry` seconds was counted (now, if none was), and how many were."""
        moment = _milliseconds(self._clock())
        rows = _COUNTED.rows(key)
        counted = [each for each in as_json(rows[0][0]) if each > moment - expiry * 1000] if rows else []
        return min([moment, *counted]) / 1000, len(counted)

    def give_back(self, key: str, amount: int) -> None:
        """Forget the newest `amount` of what was counted under `key`."""
        with _no_reason_not_to_try_again():
            if not _GIVE_BACK_ALL.run(key, amount):
                for _ in range(amount):
                    _GIVE_BACK.run(key)

    def clear(self, key: str) -> None:
        """Forget all that was counted under `key`."""
        with _no_reason_not_to_try_again():
            _CLEAR.run(key)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Count several in one transaction of their own."""
        with _no_reason_not_to_try_again(), bound().atomic():
            yield


def purge(now: datetime, *, rows: int) -> int:
    """Delete up to `rows` counts that hold nobody up any more, and return how many that were."""
    spent = RateCount.spent_at <= now
    found = [row.key for row in RateCount.select(RateCount.key).where(spent).order_by(RateCount.spent_at).limit(rows)]
    return int(RateCount.delete().where(RateCount.key.in_(found) & spent).execute()) if found else 0


@contextmanager
def _no_reason_not_to_try_again() -> Iterator[None]:
    """Let what is counted be no write that forbids to run a call again: only what else the call stored is."""
    before = bound().may_have_written
    try:
        yield
    finally:
        if not before:
            forget_writes()


def _milliseconds(instant: datetime) -> int:
    return int(instant.astimezone(UTC).timestamp() * 1000)
