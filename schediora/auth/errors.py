"""What can go wrong when signing in."""

from schediora.errors import Code, Conflict, Forbidden, NotFound, Unauthenticated


class InvalidCredentials(Unauthenticated):
    """The email address or the password is wrong."""

    code = Code.INVALID_CREDENTIALS


class InvalidRefreshToken(Unauthenticated):
    """You are signed out. Please sign in again."""

    code = Code.INVALID_REFRESH_TOKEN


class RefreshTokenReused(Unauthenticated):
    """For your safety you were signed out, because an old sign-in was used again. Please sign in again."""

    code = Code.REFRESH_TOKEN_REUSED


class SignedOut(Unauthenticated):
    """You are signed out. Please sign in again."""


class SignInExpired(Unauthenticated):
    """Your sign-in has expired. Please close the app and open it again."""


class EmailTaken(Conflict):
    """There is already an account with this email address. Please sign in instead."""

    code = Code.EMAIL_TAKEN


class WrongPassword(Forbidden):
    """The password is wrong. Please try again."""

    code = Code.WRONG_PASSWORD


class DeviceNotFound(NotFound):
    """This sign-in has ended already."""
