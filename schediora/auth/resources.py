"""The sign-in calls, and those for the account and the devices that are signed in to it."""

from uuid import UUID

import falcon

from schediora.auth.account import Account
from schediora.auth.devices import Devices, devices_of
from schediora.auth.errors import (
    DeviceNotFound,
    EmailTaken,
    InvalidCredentials,
    InvalidRefreshToken,
    RefreshTokenReused,
    WrongPassword,
)
from schediora.auth.recovery import Recovery
from schediora.auth.schemas import (
    AddressProof,
    Credentials,
    Device,
    EmailChange,
    ForgottenPassword,
    PasswordChange,
    PasswordProof,
    PasswordReset,
    RefreshRequest,
    Registration,
    TokenPair,
)
from schediora.auth.service import Auth
from schediora.auth.sign_ins import Visitor
from schediora.errors import TooManyRequests
from schediora.http.operation import Request, operation
from schediora.http.wire import Message, rendered
from schediora.mail.errors import InvalidLink
from schediora.users.queries import me
from schediora.users.schemas import MeView

_ON_ITS_WAY = "If there is an account with this address, a link is on its way to it."
_NO_MAIL = "This server sends no mail. Please ask whoever runs it for a link."


def _visitor(req: Request) -> Visitor:
    return Visitor(req.context.address, req.user_agent)


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
        errors=(EmailTaken, TooManyRequests),
        headers=("Cache-Control",),
        public=True,
        uncounted=True,
    )
    def on_post(self, req: Request, resp: falcon.Response, body: Registration) -> TokenPair:
        """Make an account and sign it in."""
        resp.set_header("Cache-Control", "no-store")
        return self._auth.register(body, visitor=_visitor(req), now=req.context.now)


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
        uncounted=True,
    )
    def on_post(self, req: Request, resp: falcon.Response, body: Credentials) -> TokenPair:
        """Sign in with an email address and a password."""
        resp.set_header("Cache-Control", "no-store")
        return self._auth.login(body, visitor=_visitor(req), now=req.context.now)


class Refresh(_WithAuth):
    """The next pair of tokens."""

    @operation(
        "refresh",
        "Refresh the tokens",
        answer=TokenPair,
        body=RefreshRequest,
        errors=(InvalidRefreshToken, RefreshTokenReused, TooManyRequests),
        headers=("Cache-Control",),
        public=True,
        uncounted=True,
        insists=True,
    )
    def on_post(self, req: Request, resp: falcon.Response, body: RefreshRequest) -> TokenPair:
        """Exchange a refresh token for the next pair; an old one that turns up again ends the whole sign-in."""
        resp.set_header("Cache-Control", "no-store")
        return self._auth.rotate(body.refresh_token, visitor=_visitor(req), now=req.context.now)


class Logout(_WithAuth):
    """Signing out."""

    @operation(
        "logout",
        "Sign out",
        answer=Message,
        body=RefreshRequest,
        headers=("Cache-Control",),
        public=True,
        uncounted=True,
    )
    def on_post(self, req: Request, resp: falcon.Response, body: RefreshRequest) -> Message:
        """End the sign-in that the token belongs to; any other token is nothing to end."""
        resp.set_header("Cache-Control", "no-store")
        self._auth.logout(body.refresh_token, now=req.context.now)
        return Message(message="logged out")


class _WithAccount:
    def __init__(self, account: Account) -> None:
        self._account = account


class Password(_WithAccount):
    """The student's password."""

    @operation(
        "changePassword",
        "Change the password",
        answer=TokenPair,
        body=PasswordChange,
        errors=(WrongPassword, TooManyRequests),
        headers=("Cache-Control",),
    )
    def on_put(self, req: Request, resp: falcon.Response, body: PasswordChange) -> TokenPair:
        """Set another password; every other sign-in ends, and of this one only the tokens of the answer are good."""
        resp.set_header("Cache-Control", "no-store")
        context = req.context
        visitor = _visitor(req)
        return self._account.change_password(
            context.caller.user_id, context.sign_in, body, visitor=visitor, now=context.now
        )


class EmailAddress:
    """The student's address."""

    def __init__(self, account: Account, *, by_mail: bool) -> None:
        self._account = account
        self._by_mail = by_mail

    @operation(
        "changeEmail",
        "Change the email address",
        answer=MeView,
        body=EmailChange,
        errors=(WrongPassword, EmailTaken, TooManyRequests),
    )
    def on_put(self, req: Request, resp: falcon.Response, body: EmailChange) -> bytes:
        """Give the account another address, which holds at once. Every other sign-in ends, the old address is told, and
        a link to confirm it goes to the new one where mail is set up; the address that it has already changes nothing,
        and gets another link while it is not confirmed.
        """
        context = req.context
        visitor = _visitor(req)
        self._account.change_email(context.caller.user_id, context.sign_in, body, visitor=visitor, now=context.now)
        return rendered(me(context.caller, confirms=self._by_mail))


class _WithRecovery:
    def __init__(self, recovery: Recovery) -> None:
        self._recovery = recovery


class Forgotten(_WithRecovery):
    """Forgotten passwords."""

    @operation(
        "forgotPassword", "Ask for a new password", answer=Message, status=202, body=ForgottenPassword, public=True
    )
    def on_post(self, req: Request, resp: falcon.Response, body: ForgottenPassword) -> Message:
        """Send a link to set a new password, if the address is a student's; the answer is the same for every address.
        It is good for 30 minutes and once, and an address gets three an hour at most.
        """
        self._recovery.forgot(body.email, now=req.context.now)
        return Message(message=_ON_ITS_WAY if self._recovery.by_mail else _NO_MAIL)


class Reset(_WithRecovery):
    """New passwords for forgotten ones."""

    @operation(
        "resetPassword",
        "Set a new password by a link",
        answer=TokenPair,
        body=PasswordReset,
        errors=(InvalidLink,),
        headers=("Cache-Control",),
        public=True,
    )
    def on_post(self, req: Request, resp: falcon.Response, body: PasswordReset) -> TokenPair:
        """Set another password by the link that was sent; every sign-in ends, all data stays, and the address counts as
        confirmed.
        """
        resp.set_header("Cache-Control", "no-store")
        return self._recovery.reset(body, visitor=_visitor(req), now=req.context.now)


class Confirmation(_WithRecovery):
    """Confirmed addresses."""

    @operation(
        "confirmEmail",
        "Confirm the address by a link",
        answer=Message,
        body=AddressProof,
        errors=(InvalidLink,),
        public=True,
    )
    def on_post(self, req: Request, resp: falcon.Response, body: AddressProof) -> Message:
        """Note that the student reads what is sent to their address."""
        self._recovery.confirm(body.token, now=req.context.now)
        return Message(message="address confirmed")


class Deletion(_WithAccount):
    """The end of an account."""

    @operation(
        "deleteAccount",
        "Delete the account",
        status=204,
        body=PasswordProof,
        errors=(WrongPassword, TooManyRequests),
        headers=("Clear-Site-Data",),
    )
    def on_post(self, req: Request, resp: falcon.Response, body: PasswordProof) -> None:
        """Delete the student and everything that is theirs, at once and for good."""
        visitor = _visitor(req)
        self._account.delete(req.context.caller.user_id, body.password, visitor=visitor, now=req.context.now)
        # A browser has kept answers for the next time (Clear Site Data, section 3.1).
        resp.set_header("Clear-Site-Data", '"cache"')


class _WithDevices:
    def __init__(self, devices: Devices) -> None:
        self._devices = devices


class DeviceList(_WithDevices):
    """Where the student is signed in."""

    @operation("listDevices", "List where the student is signed in", answer=list[Device])
    def on_get(self, req: Request, resp: falcon.Response) -> list[Device]:
        """List the sign-ins that last, this one first, then the last used first; 20 at most."""
        return devices_of(req.context.caller.user_id, req.context.sign_in, now=req.context.now)

    @operation("signOutElsewhere", "Sign out everywhere else", status=204)
    def on_delete(self, req: Request, resp: falcon.Response) -> None:
        """End every sign-in but this one."""
        self._devices.end_others(req.context.caller.user_id, req.context.sign_in, now=req.context.now)


class DeviceItem(_WithDevices):
    """One of them."""

    @operation("signOutDevice", "Sign out one device", status=204, errors=(DeviceNotFound,))
    def on_delete(self, req: Request, resp: falcon.Response, sign_in_id: UUID) -> None:
        """End one sign-in, which may be this one; its tokens are good for nothing any more."""
        self._devices.end(req.context.caller.user_id, sign_in_id, now=req.context.now)
