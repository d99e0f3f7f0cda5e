"""The one source of the present moment; everything below the door receives it as a value."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Something that answers the current instant, aware and in UTC."""


def utc_now() -> datetime:
    """Return the current instant in UTC."""
    return datetime.now(UTC)
