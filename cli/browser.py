"""Opening a page in the browser of whoever sits here."""

import os
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_UNBUNDLED = "LD_LIBRARY_PATH"
"""Points into the one-file executable's own libraries while it runs; the value before is beside it, with `_ORIG`."""


def open_browser(address: str) -> None:
    """Open `address` where there is a browser with windows, without waiting for it; elsewhere do nothing."""
    if _has_windows():
        threading.Thread(target=_open, args=(address,), name="browser", daemon=True).start()


def _has_windows() -> bool:
    """Tell whether a browser would open a window; else one for the terminal would take this one over."""
    if os.environ.get("BROWSER"):
        return True
    if sys.platform == "darwin":
        return "SSH_CONNECTION" not in os.environ
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _open(address: str) -> None:
    with suppress(OSError, webbrowser.Error), _environment_outside():
        webbrowser.open(address)


@contextmanager
def _environment_outside() -> Iterator[None]:
    """Let programs find the system's libraries, as they did before the executable set its own."""
    ours = os.environ.get(_UNBUNDLED)
    before = os.environ.get(f"{_UNBUNDLED}_ORIG")
    if not getattr(sys, "frozen", False) or ours is None:
        yield
        return
    if before is None:
        del os.environ[_UNBUNDLED]
    else:
        os.environ[_UNBUNDLED] = before
    try:
        yield
    finally:
        os.environ[_UNBUNDLED] = ours
