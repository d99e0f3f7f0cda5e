"""The web app's files, read once and kept as they are sent.

The table of types is ours and fixed: an operating system that takes `.js` for `text/plain` (as Windows registries may)
would leave a blank page. A file that is not here is not found, never another file in its place.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

TYPES = MappingProxyType(
    {
        "css": "text/css; charset=utf-8",
        "html": "text/html; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "json": "application/json",
        "png": "image/png",
        "svg": "image/svg+xml",
        "txt": "text/plain; charset=utf-8",
        "webmanifest": "application/manifest+json",
    }
)
"""What each kind of file is sent as; a file of another kind stops the start."""
PACKED = frozenset(TYPES) - {"png"}
"""What gets smaller when it is packed."""
REMARKS = re.compile(rb"^[ \t]*(?://[^\n]*|/\*(?:(?!\*/).)*\*/)[ \t]*$", re.MULTILINE | re.DOTALL)
"""Lines of a script that are remarks from end to end."""
NOT_OURS = "vendor/"
"""What is sent with every remark in it, for the sake of the licences."""
PAGE = "index.html"
WORKER = "sw.js"
NOT_KEPT = ("docs/", "vendor/LICENSES.txt")
"""What the service worker does not keep for the time without a network."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file under its address, plain and packed (a script without its remarks), with the hash of what is in it."""

    path: str
    content_type: str
    body: bytes
    packed: bytes | None
    digest: str


def load_assets() -> tuple[Asset, ...]:
    """Return every file of the web app.

    A folder's `index.html` is found under the folder's own address: `/`, `/docs`. The service worker begins with the
    list of what it keeps and the hash of all that, which is the name it keeps it under: a list kept by hand would rot.
    The page's tag tells the release too: by it the worker knows a page of its own release from one of another.
    """
    found = dict(sorted(_files(files("schediora.web").joinpath("static"))))
    kept = [name for name in found if name != WORKER and not name.startswith(NOT_KEPT)]
    if WORKER in found:
        release = _digest(b"".join(name.encode() + b"\0" + _digest(found[name]).encode() for name in found))
        addresses = ["./" + _address(name).removeprefix("/") for name in kept]
        head = f"const RELEASE = {json.dumps(release)};\nconst FILES = {json.dumps(addresses)};\n"
        found[WORKER] = head.encode() + found[WORKER]
    assets = [_asset(name, body) for name, body in found.items()]
    return tuple(
        replace(asset, digest=_digest(release.encode() + asset.body)) if asset.path == "/" else asset
        for asset in assets
    )


def _files(folder: Traversable, above: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{above}{entry.name}/")
        else:
            yield above + entry.name, entry.read_bytes()


def _address(name: str) -> str:
    return "/" + name.removesuffix(PAGE).removesuffix("/") if name.endswith(PAGE) else f"/{name}"


def _asset(name: str, body: bytes) -> Asset:
    kind = name.rpartition(".")[2]
    # A sixth of what our scripts weigh are remarks. Packed they go without; an empty line is left for each, so that
    # what the browser says of a line holds.
    sent = REMARKS.sub(_lines, body) if kind == "js" and not name.startswith(NOT_OURS) else body
    packed = gzip.compress(sent, 9, mtime=0) if kind in PACKED else None
    return Asset(_address(name), TYPES[kind], body, packed, _digest(body))


def _lines(remark: re.Match[bytes]) -> bytes:
    return b"\n" * remark[0].count(b"\n")


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]
