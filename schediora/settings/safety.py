"""What nobody may serve students with, and what is worth a warning, though each setting is right by itself."""

from urllib.parse import urlsplit

from schediora.errors import SetupError
from schediora.settings.signing_key import HOW_TO_MAKE_ONE, MINIMUM_BYTES, guessable
from schediora.settings.urls import is_here
from schediora.settings.values import Settings
from schediora.settings.web_origin import EVERY


def refusals(settings: Settings) -> dict[str, str]:
    """Return why the settings must not serve students, by dotted name: mails that lead nowhere, and what production may
    not have.
    """
    return _of_mail(settings) | (_of_production(settings) if settings.production else {})


def _of_mail(settings: Settings) -> dict[str, str]:
    """Return why no mail can be sent though there is a server for it."""
    if not settings.mail.url.get_secret_value():
        return {}
    found = {}
    if not settings.mail.sender:
        found["mail.from"] = 'with mail.url it must say who mails are from, such as "Schediora <schediora@example.org>"'
    if not settings.server.public_url:
        found["server.public_url"] = "with mail.url it must be the address by which students come: links begin with it"
    elif _in_the_clear(settings.server.public_url):
        found["server.public_url"] = "with mail.url it must start with https://, as links in mails let their readers in"
    return found


def _of_production(settings: Settings) -> dict[str, str]:
    found = {}
    key = settings.auth.secret_key.get_secret_value().strip()
    if not key:
        found["auth.secret_key"] = (
            f"in production SCHEDIORA_AUTH__SECRET_KEY must hold a signing key of {MINIMUM_BYTES} bytes or more; "
            f"{HOW_TO_MAKE_ONE}"
        )
    elif guessable(key):
        found["auth.secret_key"] = (
            "it repeats itself or is made of what everybody knows, so tokens could be forged; put it into "
            f"auth.previous_secret_keys, so that nobody is signed out, and {HOW_TO_MAKE_ONE}"
        )
    if EVERY in settings.cors.origins:
        found["cors.origins"] = 'in production it must name the web pages that may call; "*" lets in every one'
    return found


def require_servable(settings: Settings) -> None:
    """Raise SetupError when the settings must not serve students."""
    if found := refusals(settings):
        raise SetupError("\n".join(f"The setting {name} is wrong: {reason}." for name, reason in found.items()))


def warnings(settings: Settings) -> dict[str, str]:
    """Return what is allowed but unwise in the settings, by dotted name, in a sentence that says what to do."""
    found = {}
    if settings.ai.api_key.get_secret_value() and _in_the_clear(settings.ai.base_url):
        found["ai.base_url"] = (
            "The model server's key and the students' words would cross the network readable to everybody on the way; "
            "use https."
        )
    if settings.production and any(
        guessable(key.get_secret_value())
        for key in settings.auth.previous_secret_keys
        if key.get_secret_value().strip()
    ):
        found["auth.previous_secret_keys"] = (
            "Tokens can be forged with a key that can be guessed, though it is only a previous one; drop it as soon as "
            "you can."
        )
    return found


def _in_the_clear(url: str) -> bool:
    """Tell whether what is sent to `url` leaves this machine unencrypted."""
    return url.startswith("http://") and not is_here(urlsplit(url).hostname or "")
