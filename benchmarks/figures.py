"""Figures out of measurements."""

from collections.abc import Sequence
from math import ceil, nan


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest of `values` that at least `share` (above 0) of them do not exceed; NaN of none."""
    return sorted(values)[ceil(share * len(values)) - 1] if values else nan
