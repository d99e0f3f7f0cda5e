"""How a process is told to stop."""

import signal
from collections.abc import Callable
from types import FrameType


def stop_on_signals(callback: Callable[[], None]) -> None:
    """Call `callback` at the first SIGTERM or SIGINT; a second one ends the process at once.

    Only the main thread may ask for it.
    """

    def handle(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        callback()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
