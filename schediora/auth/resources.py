"""The sign-in calls."""

import falcon

from schediora.auth.errors import EmailTaken, InvalidCredentials, InvalidRefreshToken, RefreshTokenReused
from schediora.auth.schemas import Credentials, RefreshRequest, Registration, TokenPair
from schediora.auth.service import Auth
from schediora.errors import TooManyRequests
from schediora.http.operation import Request, operation
from schediora.http.wire import Message


class _WithAuth:
    def __init__(self, auth: Auth) -> None:
        self._auth = auth


class Register(_WithAuth):
    """New accounts."""

    @operation(
        "register",
        "Register",
        answer=TokenPair,
        status=201,
        body=Registration,
        errors=(EmailTaken,),
        headers=("Cache-Control",),
        public=True,
    )
    def on_post(self, req: Request, resp: falcon.Response, body: Registration) -> TokenPair:
        """Make an account and sign it in."""
        resp.set_header("Cache-Control", "no-store")
        return self._auth.register(body, address=req.context.address, now=req.context.now)


class Login(_WithAuth):
    """Sign-ins."""

    @operation(
        "login",
        "Sign in",
        answer=TokenPair,
        body=Credentials,
        errors=(InvalidCredentials, TooManyRequests),
        headers=("Cache-Control",),
        public=True,
    )
    def on_post(self, req: Request, resp: falcon.Response, body: Credentials) -> TokenPair:
        """Sign in with an email address and a password."""
        resp.set_header("Cache-Control", "no-store")
        return self._auth.login(body, address=req.context.address, now=req.context.now)


class Refresh(_WithAuth):
    """The next pair of tokens."""

    @operation(
        "refresh",
        "Refresh the tokens",
        answer=TokenPair,
        body=RefreshRequest,
        errors=(InvalidRefreshToken, RefreshTokenReused),
        headers=("Cache-Control",),
        public=True,
        insists=True,
    )
    def on_post(self, req: Request, resp: falcon.Response, body: RefreshRequest) -> TokenPair:
        """Exchange a refresh token for the next pair; an old one that turns up again ends the whole sign-in."""
        resp.set_header("Cache-Control", "no-store")
        return self._auth.rotate(body.refresh_token, address=req.context.address, now=req.context.now)


class Logout(_WithAuth):
    """Signing out."""

    @operation("logout", "Sign out", answer=Message, body=RefreshRequest, headers=("Cache-Control",), public=True)
    def on_post(self, req: Request, resp: falcon.Response, body: RefreshRequest) -> Message:
        """End the sign-in that the token belongs to; any other token is nothing to end."""
        resp.set_header("Cache-Control", "no-store")
        self._auth.logout(body.refresh_token, now=req.context.now)
        return Message(message="logged out")
