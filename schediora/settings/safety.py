"""What nobody may serve students with, though each setting is right by itself."""

from schediora.errors import SetupError
from schediora.settings.signing_key import HOW_TO_MAKE_ONE, MINIMUM_BYTES
from schediora.settings.values import Settings


def refusals(settings: Settings) -> dict[str, str]:
    """Return why the settings must not serve students, by dotted name; in development anything goes."""
    if not settings.production:
        return {}
    found = {}
    if not settings.auth.secret_key.get_secret_value().strip():
        found["auth.secret_key"] = (
            f"in production SCHEDIORA_AUTH__SECRET_KEY must hold a signing key of {MINIMUM_BYTES} bytes or more; "
            f"{HOW_TO_MAKE_ONE}"
        )
    if "*" in settings.cors.origins:
        found["cors.origins"] = 'in production it must name the web pages that may call; "*" lets in every one'
    return found


def require_servable(settings: Settings) -> None:
    """Raise SetupError when the settings must not serve students."""
    if found := refusals(settings):
        raise SetupError("\n".join(f"The setting {name} is wrong: {reason}." for name, reason in found.items()))
