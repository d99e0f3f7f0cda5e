"""`GET /api/v1`: what this is, and where to go from here."""

from typing import Literal

import falcon
from pydantic import Field

from schediora.http.operation import Request, operation
from schediora.http.wire import View


class Links(View):
    """Paths on this server."""

    api: str = Field(description="What every call lies below.", examples=["/api/v1"])
    openapi: str = Field(description="The API's description.", examples=["/api/v1/openapi.json"])
    live: str = Field(description="Whether the process serves.", examples=["/api/v1/health/live"])
    ready: str = Field(description="Whether requests can be served.", examples=["/api/v1/health/ready"])


class DemoStudent(View):
    """A student whom anybody may sign in as: all of a demonstration is thrown away at its end."""

    email: str = Field(description="What they sign in with.", examples=["student@example.com"])
    password: str = Field(description="Theirs.", examples=["correct horse"])


class Welcome(View):
    """Who answers."""

    name: Literal["Schediora"] = Field(default="Schediora", description="Always this.")
    version: str = Field(description="Of the server.", examples=["0.1.0"])
    links: Links
    mail: bool = Field(
        description="Whether the service sends mail; where it does not, no link comes to who has forgotten a password.",
        examples=[True],
    )
    demo: DemoStudent | None = Field(description="Null but in a demonstration, which has one to sign in as.")


class Entrance:
    """Tells whoever finds the address what is there."""

    def __init__(self, prefix: str, version: str, demo: DemoStudent | None = None, *, mail: bool) -> None:
        links = Links(
            api=prefix,
            openapi=f"{prefix}/openapi.json",
            live=f"{prefix}/health/live",
            ready=f"{prefix}/health/ready",
        )
        self._welcome = Welcome(version=version, links=links, mail=mail, demo=demo)

    @operation("getApi", "Tell what this is", answer=Welcome, public=True, database=False)
    def on_get(self, req: Request, resp: falcon.Response) -> Welcome:
        """Name the service, its version and where to go from here."""
        return self._welcome
