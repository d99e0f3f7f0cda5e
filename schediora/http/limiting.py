"""How many calls somebody may make: students by what their calls cost, everybody else by address."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import falcon

from schediora.http.client_address import network_of
from schediora.http.operation import Operation, Request
from schediora.rate_limits.rate_limits import RateLimits
from schediora.rate_limits.table import ANONYMOUS_CALLS, BAD_TOKENS, CALLS

OwnerOf = Callable[[str, datetime], UUID | None]
"""From an `Authorization` header and the current instant to whose token it has; None for one that is not ours."""


class CallLimits:
    """Counts calls in this process's memory: some microseconds each. Whatever counts raises LimitReached."""

    def __init__(self, limits: RateLimits, owner_of: OwnerOf) -> None:
        self._limits = limits
        self._owner_of = owner_of

    def public(self, req: Request, record: Operation) -> None:
        """Count a call of what asks for no token, unless it has limits of its own or none."""
        if not record.uncounted:
            self._limits.take(ANONYMOUS_CALLS, network_of(req.context.address))

    def student(self, req: Request, record: Operation) -> None:
        """Count a student's call as often as it costs; one that insists apart from all others, as a phone that starts
        signs its student out when it is refused, whatever their other devices have asked for.
        """
        who = f"{req.context.user_id} starts" if record.insists else str(req.context.user_id)
        self._limits.take(CALLS, who, cost=record.cost)

    def refused(self, req: Request) -> None:
        """Count a call that nobody was let in with: with a token that is not good, or with none."""
        limit = BAD_TOKENS if "HTTP_AUTHORIZATION" in req.env else ANONYMOUS_CALLS
        self._limits.take(limit, network_of(req.context.address))

    def astray(self, req: Request) -> None:
        """Count a call to where nothing is, or of a method that is not offered there; browsers' own questions count for
        nothing. Whoever shows a token of ours is held for themselves alone.
        """
        if req.method == "OPTIONS":
            return
        owner = self._owner_of(str(req.env.get("HTTP_AUTHORIZATION", "")), req.context.now)
        if owner is None:
            self._limits.take(ANONYMOUS_CALLS, network_of(req.context.address))
        else:
            self._limits.take(CALLS, str(owner))

    def nowhere(self, req: Request, resp: falcon.Response, **_path: str) -> None:
        """Answer, as Falcon's sink, that there is nothing at an address."""
        self.astray(req)
        raise falcon.HTTPRouteNotFound
