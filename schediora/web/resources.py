"""The web app over HTTP, outside the API's prefix."""

from typing import Any

import falcon

from schediora.http.operation import Request
from schediora.web.assets import TYPES, Asset, load_assets

POLICY = "; ".join(
    [
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "connect", "manifest", "worker")),
        # The last three do not fall back to the first.
        *("object-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"),
        *("require-trusted-types-for 'script'", "trusted-types app"),
    ]
)
"""What the pages may load and run: files of this server alone, nothing inline, no text as code or markup."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    # Asked each time, and mostly answered with 304: modules of two releases must never meet.
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class File:
    """One file, packed for whoever takes it so."""

    def __init__(self, asset: Asset) -> None:
        self._asset = asset

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        """Answer the file, or 304 to whoever has it."""
        asset = self._asset
        resp.set_headers(HEADERS)
        # Weak, as the plain and the packed one share it, which say the same in other bytes.
        resp.etag = f'W/"{asset.digest}"'
        if asset.packed is not None:
            resp.append_header("Vary", "Accept-Encoding")
        if any(tag in ("*", asset.digest) for tag in req.if_none_match or ()):
            resp.status = falcon.HTTP_304
            return
        resp.content_type = asset.content_type
        if asset.packed is not None and _takes_gzip(req.get_header("Accept-Encoding") or ""):
            resp.set_header("Content-Encoding", "gzip")
            resp.data = asset.packed
        else:
            resp.data = asset.body


class WithoutSlash:
    """A folder's page for who wrote a slash after it: from there its relative addresses would lead elsewhere."""

    def __init__(self, page: str) -> None:
        self._page = page

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        """Send the browser to the page, below whatever prefix a proxy has put before it."""
        resp.status = falcon.HTTP_308
        resp.set_headers(HEADERS | {"Location": f"..{self._page}"})


def add_pages(app: "falcon.App[Any, Any]") -> None:
    """Put the web app's files under their addresses."""
    for asset in load_assets():
        app.add_route(asset.path, File(asset))
        if asset.content_type == TYPES["html"] and asset.path != "/":
            app.add_route(f"{asset.path}/", WithoutSlash(asset.path))


def _takes_gzip(accepted: str) -> bool:
    """Say whether an Accept-Encoding names gzip (RFC 9110, 12.5.3) without refusing it by a weight of 0."""
    for entry in accepted.lower().split(","):
        coding, _, weight = (part.strip() for part in entry.partition(";"))
        if coding == "gzip":
            return weight.replace(" ", "").removeprefix("q=").strip("0.") != "" or not weight
    return False
