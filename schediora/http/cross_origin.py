"""Which web pages may call, as browsers ask for it (the Fetch standard's CORS protocol)."""

import falcon

ALLOWED_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "X-Request-ID")
EXPOSED_HEADERS = ("ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID")
PREFLIGHT_SECONDS = 24 * 3600
"""How long a browser may remember the answer; most remember for less."""


class CrossOrigin:
    """Lets the pages of some origins call and read what we answer; `*` lets in every page."""

    def __init__(self, origins: tuple[str, ...]) -> None:
        self._origins = frozenset(origins)

    def process_response(self, req: falcon.Request, resp: falcon.Response, _resource: object, _succeeded: bool) -> None:
        """Say what the page may do, and tell caches that it depends on the page."""
        if "Origin" not in (resp.get_header("Vary") or ""):
            resp.append_header("Vary", "Origin")
        origin = req.get_header("Origin")
        if origin is None or not self._origins & {origin, "*"}:
            return
        resp.set_header("Access-Control-Allow-Origin", "*" if "*" in self._origins else origin)
        methods = resp.get_header("Allow")
        if req.method == "OPTIONS" and methods and req.get_header("Access-Control-Request-Method"):
            resp.set_header("Access-Control-Allow-Methods", methods)
            resp.set_header("Access-Control-Allow-Headers", ", ".join(ALLOWED_HEADERS))
            resp.set_header("Access-Control-Max-Age", str(PREFLIGHT_SECONDS))
        else:
            resp.set_header("Access-Control-Expose-Headers", ", ".join(EXPOSED_HEADERS))
