"""Which new passwords are refused, beyond those of the wrong length: what others guess first.

As NIST SP 800-63B-4, section 3.1.1.2, asks: commonly used ones, and those that follow from the service and the account.
"""

from functools import cache
from importlib import resources

from schediora.auth.schemas import composed
from schediora.http.validation import invalid

_PRODUCT = "schediora"


def refuse_obvious(password: str, email: str, *, field: str = "password") -> None:
    """Raise Invalid, naming the field of the body, for a password among the commonest or one that everybody knows who
    knows the address `email`, in its stored form. Upper and lower case make no difference.
    """
    word = composed(password).casefold()
    if word in _commonest():
        raise invalid(field, "This password is one of the first that others would try. Please choose another.")
    if word in (email, email.partition("@")[0]):
        raise invalid(field, "The password must not be your address or a part of it. Please choose another.")
    if word == _PRODUCT:
        raise invalid(field, "The password must not be the name of this app. Please choose another.")


@cache
def _commonest() -> frozenset[str]:
    lines = resources.files(__package__).joinpath("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("# "))
