"""What takes long to read and is the same for everybody."""

import functools
import threading
from collections.abc import Callable
from typing import TypeVar

Made = TypeVar("Made")


def once(make: Callable[[], Made]) -> Callable[[], Made]:
    """Make it when it is first asked for, and keep it; whoever asks meanwhile waits.

    `functools.cache` lets every thread that asks meanwhile make it, too: after a start under load all threads
    read the same, each so many times as long, and the server answers nobody for seconds.
    """
    making = threading.RLock()
    made: list[Made] = []

    @functools.wraps(make)
    def kept() -> Made:
        if not made:
            with making:
                if not made:
                    made.append(make())
        return made[0]

    return kept
