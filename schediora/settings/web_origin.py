"""The origin of a web page, as its browser sends it (RFC 6454 section 6.2): a scheme, a host, a port that is not the
scheme's own, and nothing else, all in lower case.
"""

import re
from urllib.parse import urlsplit

EVERY = "*"

_OWN_PORTS = {"http": 80, "https": 443}
_HERE = re.compile(r"(localhost|127\.[\d.]+|\[::1\])(:|/|$)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_.-]+|\[[0-9a-f:.]+\]")


def require_web_origin(text: str) -> None:
    """Raise ValueError that says what to write unless `text` is an origin as browsers send it, or `*`."""
    if text == EVERY:
        return
    if text.lower() == "null" or text.lower().startswith("file:"):
        raise ValueError('"null" is what every page without an address sends; name the pages by their addresses')
    if "://" not in text:
        raise ValueError(f"{_quoted(text)} has no scheme; {_write_instead(_with_scheme(text))}")
    if EVERY in text:
        raise ValueError(f"{_quoted(text)} matches nothing, as * stands alone or not at all; name each page's origin")
    if (sent := _as_sent(text)) != text:
        raise ValueError(f"{_quoted(text)} is not as a browser sends it; {_write_instead(sent)}")


def _as_sent(text: str) -> str | None:
    """Return what a browser would send for a page at the address `text`; None when it is no address of a page."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    host = parts.netloc.rpartition("@")[2].lower()
    host = re.sub(r":\d*$", "", host)
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*", parts.scheme) or not _HOST.fullmatch(host):
        return None
    shown = "" if port in (None, _OWN_PORTS.get(parts.scheme)) else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def _with_scheme(text: str) -> str | None:
    return _as_sent(f"{'http' if _HERE.match(text) else 'https'}://{text.lstrip('/')}")


def _write_instead(origin: str | None) -> str:
    return f'write "{origin}"' if origin else 'write one such as "https://app.example.org" (other scripts as xn--...)'


def _quoted(text: str) -> str:
    return f'"{text[:80]}"'
