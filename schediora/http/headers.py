"""What every answer tells browsers and caches besides what it answers (OWASP ASVS 5, sections V3.4 and V14.2)."""

from typing import Any

from schediora.http.client_address import TrustedProxies
from schediora.http.operation import Request, Response, operation_asked

Pairs = tuple[tuple[str, str], ...]

FIXED: Pairs = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    # Nothing that the API answers is a page; those of the web app say for themselves what they may load.
    ("Content-Security-Policy", "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
)
"""What all answers say, whoever makes them."""
_PRIVATE = {"cache-control": "private, no-cache", "vary": "Authorization, Origin"}
_PUBLIC = {"cache-control": "no-cache"}


class Headers:
    """Says them before anything is answered, so that an answer can say otherwise: errors and tokens are for nobody to
    store.

    `strict_transport` is what a browser is told that came by TLS: as a trusted proxy says, or always where the
    service's own address is `https`.
    """

    def __init__(self, proxies: TrustedProxies, *, strict_transport: str, https: bool) -> None:
        self._proxies = proxies
        self._https = https
        self._said = {name.lower(): value for name, value in FIXED}
        by_tls = {"strict-transport-security": strict_transport} if strict_transport else {}
        self._said_by_tls = self._said | by_tls

    def process_request(self, req: Request, resp: Response) -> None:
        """Say what holds for every answer."""
        proto, forwarded = req.env.get("HTTP_X_FORWARDED_PROTO"), req.env.get("HTTP_FORWARDED")
        by_tls = self._https or (
            (proto or forwarded) and self._proxies.say_https(req.remote_addr, proto=proto, forwarded=forwarded)
        )
        resp.say(self._said_by_tls if by_tls else self._said)

    def process_resource(self, req: Request, resp: Response, resource: object, _params: dict[str, Any]) -> None:
        """Say who may keep the answer, by whether one must be signed in for it."""
        if record := operation_asked(resource, req.method):
            resp.say(_PUBLIC if record.public else _PRIVATE)
