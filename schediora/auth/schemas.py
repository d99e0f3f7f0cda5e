"""What the sign-in calls take and show."""

from datetime import datetime
from typing import Annotated, Literal
from unicodedata import normalize
from uuid import UUID

import email_validator
from pydantic import MISSING, AfterValidator, BeforeValidator, Field

from schediora.http.operation import MAX_BODY_BYTES
from schediora.http.wire import Body, Text, View
from schediora.users.schemas import ZoneName

LONGEST_ADDRESS = 254
"""What fits an SMTP path between its angle brackets (RFC 5321 section 4.5.3.1.3)."""

_ACCESS_TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.cGxlYXNlLXNlbmQtYS10b2tlbi1vZi15b3VyLW93bg"
_REFRESH_TOKEN = "AZOl1f6RfEKPbi1LaowOEwAAAAAAAAABcGxlYXNlLXNlbmQteW91ci1vd24"
_LINK_TOKEN = "cGxlYXNlLXVzZS10aGUtbGluay15b3Ugd2VyZSBzZW50"
"""Only examples of the form."""

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128
_PARTS_OF_A_CHARACTER = 4
"""So many code points at the most become one in NFC (Unicode Standard Annex 15, section 12.1)."""

# Whether mail could arrive is not checked, so names that no public server has (`.test`, `.local`) are as good as any.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


def canonical(text: str) -> str:
    """Return the address in `text` as it is stored and compared, one spelling for each mailbox: ASCII and lower-case.

    An international domain takes its IDNA form. Before the @ there are ASCII characters only (no SMTPUTF8), because
    beyond them the engines disagree about what lower-case means. Raises ValueError when `text` is not an address.
    """
    try:
        # Checking costs more the longer the text is, so its length goes first.
        if len(text) > LONGEST_ADDRESS:
            raise ValueError
        address = email_validator.validate_email(text, allow_smtputf8=False, check_deliverability=False).ascii_email
        if not address or len(address) > LONGEST_ADDRESS:
            raise ValueError
    except ValueError:
        raise ValueError("must be an address such as name@example.com") from None
    return address.lower()


def composed(password: str) -> str:
    """Return `password` in NFC, so that every keyboard's spelling of it is the same password (RFC 8265 section 4.2).

    One that is too long in any spelling stays as it is: composing costs the square of its length.
    """
    return password if len(password) > LONGEST_PASSWORD * _PARTS_OF_A_CHARACTER else normalize("NFC", password)


def _composed(value: object) -> object:
    return composed(value) if isinstance(value, str) else value


def _no_nul(password: str) -> str:
    if "\0" in password:
        raise ValueError("must not contain a NUL character")
    return password


Email = Annotated[
    str,
    Text(1, LONGEST_ADDRESS),
    AfterValidator(canonical),
    Field(json_schema_extra={"format": "email"}, examples=["student@example.com"]),
]
"""An address, in its canonical form once read."""

NewPassword = Annotated[
    str,
    Field(
        min_length=SHORTEST_PASSWORD,
        max_length=LONGEST_PASSWORD,
        json_schema_extra={"format": "password"},
        examples=["correct horse"],
    ),
    AfterValidator(_no_nul),
    BeforeValidator(_composed),
]
"""In NFC, before its characters are counted. Never trimmed: spaces are part of a password."""

AnyPassword = Annotated[
    str, Field(json_schema_extra={"format": "password"}, examples=["correct horse"]), AfterValidator(_no_nul)
]
"""At sign-in every password is merely right or wrong."""

AnyText = Annotated[str, Text(0, MAX_BODY_BYTES)]
"""Any text that a body can hold; what it means is not judged by its form."""


LinkToken = Annotated[str, Text(0, MAX_BODY_BYTES), Field(examples=[_LINK_TOKEN])]
"""What a link holds; what it is good for is not judged by its form."""


class Registration(Body):
    """A new account."""

    email: Email = Field(description="Their address, in any spelling of upper and lower case.")
    password: NewPassword = Field(repr=False, description="8 to 128 characters of any kind; spaces count.")
    timezone: ZoneName | MISSING = Field(
        default=MISSING,
        description="The student's time zone (IANA); without one the service's own holds until it is set.",
        examples=["Asia/Jakarta"],
    )


class Credentials(Body):
    """Who says they are who. A string that is no address is simply nobody's."""

    email: AnyText = Field(description="The account's address.", examples=["student@example.com"])
    password: AnyPassword = Field(description="The account's.", repr=False)


class RefreshRequest(Body):
    """A refresh token, opaque to its holder."""

    refresh_token: AnyText = Field(
        repr=False, description="The newest one that this sign-in was given.", examples=[_REFRESH_TOKEN]
    )


class TokenPair(View):
    """What a signed-in phone keeps: a token for its calls, and one for the next pair."""

    access_token: str = Field(repr=False, description="For the header Authorization.", examples=[_ACCESS_TOKEN])
    refresh_token: str = Field(
        repr=False, description="For `refresh`, once; opaque to its holder.", examples=[_REFRESH_TOKEN]
    )
    token_type: Literal["bearer"] = Field(default="bearer", description="How the access token is sent.")
    expires_in: int = Field(description="Seconds for which the access token is good.", examples=[604800])


class PasswordChange(Body):
    """A new password, and the one that it takes the place of."""

    old_password: AnyPassword = Field(repr=False, description="The account's, until now.")
    new_password: NewPassword = Field(repr=False, description="8 to 128 characters of any kind; spaces count.")


class PasswordProof(Body):
    """The password once more, for what cannot be taken back."""

    password: AnyPassword = Field(repr=False, description="The account's.")


class EmailChange(Body):
    """Another address for the account."""

    password: AnyPassword = Field(repr=False, description="The account's.")
    email: Email = Field(description="The new address, in any spelling of upper and lower case.")


class ForgottenPassword(Body):
    """Whose password is forgotten. A string that is no address is simply nobody's."""

    email: AnyText = Field(description="The account's address.", examples=["student@example.com"])


class PasswordReset(Body):
    """A new password, and the link that allows it."""

    token: LinkToken = Field(repr=False, description="What stands in the link after `#reset=`.")
    new_password: NewPassword = Field(repr=False, description="8 to 128 characters of any kind; spaces count.")


class AddressProof(Body):
    """The link that shows that an address is the student's own."""

    token: LinkToken = Field(repr=False, description="What stands in the link after `#confirm=`.")


class Device(View):
    """A phone or browser on which the student is signed in."""

    id: UUID = Field(description="The sign-in's.")
    created_at: datetime = Field(description="When they signed in there.", examples=["2026-03-02T07:30:00Z"])
    last_used_at: datetime = Field(description="When it was last used, to the hour.", examples=["2026-03-04T09:00:00Z"])
    client: str = Field(description="What it is, as far as it said.", examples=["Firefox on Linux", "Schediora app"])
    current: bool = Field(description="Whether it is the one that asks.", examples=[True])
