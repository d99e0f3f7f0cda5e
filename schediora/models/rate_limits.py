"""What is counted against limits for all processes together."""

import peewee

from schediora.db.base import Table
from schediora.db.fields import InstantField


class RateCount(Table):
    """What a limit has counted under a key: the `moments` (milliseconds since 1970, oldest first) that may still
    count; from `spent_at` on none does.

    `key` names the limit, and by a keyed hash whom it counts: the table tells nobody where students are.
    """

    key = peewee.TextField(primary_key=True)
    moments = peewee.JSONField()
    spent_at = InstantField(index=True)

    class Meta:
        """One row a limit and key."""

        table_name = "rate_counts"
