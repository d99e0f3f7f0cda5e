"""The head of a request: its first line and its fields, read as strictly as RFC 9112 allows and in linear time.

What two readers could read in two ways is refused, so that nothing is smuggled past a proxy in front (section 11.2).
"""

import functools
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from schediora.server.refusals import Refused, malformed

# No pattern here can match one text in two ways: a hostile head costs as much to refuse as a good one to read.
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_ABSOLUTE = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
_VERSION = re.compile(r"HTTP/([0-9])\.([0-9])")
_LENGTH = re.compile(r"[0-9]{1,18}")
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~%!$&'()*+,;=]+)(?::[0-9]*)?")
_GOOD_BYTES = b"\t\r\n" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100))
_REMEMBERED_NAME = 64
"""Characters. Every client sends the same few names; a longer one is nobody's."""


class Head(NamedTuple):
    """A request without its body. `fields` has names as CGI spells them (`CONTENT_TYPE`), without those that have an
    underscore of their own; a field sent more than once has its values joined by `, `.
    """

    method: str
    target: str
    path: str
    """Decoded, one character a byte (PEP 3333)."""
    query: str
    version: str
    """`1.0` or `1.1`."""
    fields: Mapping[str, str]
    length: int
    """Of the body, in bytes; 0 when it is `chunked`."""
    chunked: bool
    closes: bool
    """Whether the connection ends with the answer."""


def read_head(head: bytes) -> Head:
    """Read `head`, with the empty line that ends it; raise Refused with 400, 501 or 505 when it cannot be trusted."""
    if not head.count(b"\r") == head.count(b"\r\n") == head.count(b"\n"):
        raise malformed("a carriage return or a line feed alone")
    if head.translate(None, _GOOD_BYTES):
        raise malformed("a control character")
    first, *lines = head.decode("latin-1").split("\r\n")[:-2]
    method, target, version = _first_line(first)
    fields, hosts = _fields(lines)
    path, query, authority = _split(method, target)
    if hosts > 1 or (hosts == 0 and version != "1.0") or (hosts and not _HOST.fullmatch(fields["HOST"])):
        raise malformed("not one valid Host (section 3.2)")
    if authority:
        fields["HOST"] = authority
    chunked = _chunked(fields, version)
    both = chunked and "CONTENT_LENGTH" in fields  # section 6.3: the chunks count, and the connection ends
    length = fields.get("CONTENT_LENGTH", "0")
    if not _LENGTH.fullmatch(length):
        raise malformed("Content-Length is no number")
    options = _options(fields.get("CONNECTION", ""))
    closes = both or "close" in options or (version == "1.0" and "keep-alive" not in options)
    return Head(method, target, path, query, version, fields, 0 if chunked else int(length), chunked, closes)


def _first_line(line: str) -> tuple[str, str, str]:
    parts = line.split(" ")
    if len(parts) != 3:
        raise malformed("no request line")
    method, target, version = parts
    if not _TOKEN.fullmatch(method) or method != method.upper():
        raise malformed("no method")
    if not target or "\t" in target:
        raise malformed("no request target")
    numbers = _VERSION.fullmatch(version)
    if numbers is None:
        raise malformed("no HTTP version")
    if numbers[1] != "1":
        raise Refused(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "not HTTP/1")
    return method, target, "1.0" if numbers[2] == "0" else "1.1"


def _fields(lines: list[str]) -> tuple[dict[str, str], int]:
    """Return the fields, and how many of them are Host."""
    fields: dict[str, str] = {}
    hosts = 0
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise malformed("no field")
        key = _key(name) if len(name) <= _REMEMBERED_NAME else _key.__wrapped__(name)
        if not key:
            continue
        value = value.strip(" \t")
        hosts += key == "HOST"
        fields[key] = f"{fields[key]}, {value}" if key in fields else value
    return fields, hosts


@functools.lru_cache(maxsize=1000)
def _key(name: str) -> str:
    """Return a field's name as CGI spells it, nothing for one that has an underscore: X_Request_Id would pass for
    X-Request-Id.
    """
    if not _TOKEN.fullmatch(name):  # also a folded line, and white space before the colon
        raise malformed("no field")
    return "" if "_" in name else name.upper().replace("-", "_")


def _options(connection: str) -> set[str]:
    """Return what the field Connection asks for (RFC 9110, section 7.6.1)."""
    return {option.strip(" \t").lower() for option in connection.split(",")} if connection else set()


def _split(method: str, target: str) -> tuple[str, str, str]:
    """Return the path, the query and the authority of the request target (section 3.2)."""
    if target == "*" and method == "OPTIONS":
        return target, "", ""
    authority = ""
    if absolute := _ABSOLUTE.match(target):
        authority, rest = absolute[1], target[absolute.end() :]
        if not _HOST.fullmatch(authority):
            raise malformed("a URL without a valid host")
        target = rest if rest.startswith("/") else f"/{rest}"
    elif not target.startswith("/"):
        raise malformed("a target that is neither a path nor a URL")
    path, _, query = target.partition("#")[0].partition("?")
    if "%" in path:
        path = unquote_to_bytes(path.encode("latin-1")).decode("latin-1")
    return path, query, authority


def _chunked(fields: dict[str, str], version: str) -> bool:
    """Tell whether the body comes in chunks; no other coding is supported (section 6.1)."""
    coding = fields.pop("TRANSFER_ENCODING", None)
    if coding is None:
        return False
    if version == "1.0":
        raise malformed("Transfer-Encoding in HTTP/1.0")
    codings = [name.strip(" \t").lower() for name in coding.split(",")]
    if codings == ["chunked"]:
        return True
    if all(name in ("", "chunked") for name in codings):
        raise malformed("Transfer-Encoding without a coding, or chunked twice")
    raise Refused(HTTPStatus.NOT_IMPLEMENTED, "an unknown transfer coding")
