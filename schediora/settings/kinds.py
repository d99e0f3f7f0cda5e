"""The kinds of values that settings have, and what each must look like."""

import re
from collections.abc import Callable
from ipaddress import ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, SecretStr

from schediora import localtime
from schediora.settings.mail_url import mail_sender, mail_url
from schediora.settings.signing_key import long_enough
from schediora.settings.urls import database_url, model_server_url, postgres_url, public_url, queue_url
from schediora.settings.web_origin import require_web_origin


def _listed(value: object) -> object:
    """Return the parts of a text with commas or line ends between them, which is how variables and files give lists."""
    return [part for part in re.split(r"[,\n]", value) if part.strip()] if isinstance(value, str) else value


def _in_lower_case(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _trimmed(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for part in parts)


def _zone(name: str) -> str:
    localtime.zone(name)
    return name


def _host(name: str) -> str:
    if not re.fullmatch(r"[^\s\[\]/@]+", name):
        raise ValueError("name one address or host to listen on, such as 127.0.0.1, ::1 or 0.0.0.0")
    return name


def _strict_transport(policy: str) -> str:
    if policy and not re.fullmatch(r"max-age=[0-9]{1,10}(; includeSubDomains)?(; preload)?", policy):
        raise ValueError("write it as RFC 6797 has it, such as max-age=31536000; includeSubDomains, or leave it empty")
    return policy


def _file_mode(value: object) -> object:
    """Return the mode in octal digits; TOML's `0o660` is a number."""
    return f"{value:04o}" if isinstance(value, int) and not isinstance(value, bool) else value


def _permissions(text: str) -> str:
    if not re.fullmatch(r"0?[0-7]{3}", text):
        raise ValueError('write it as three octal digits, such as "0660"')
    return text


def _peers(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        try:
            _ = name == "unix" or ip_network(name)
        except ValueError:
            raise ValueError(
                f'"{name[:60]}" is neither an address, nor a network such as 10.0.0.0/8, nor unix for the unix socket'
            ) from None
    return names


def _origins(texts: tuple[str, ...]) -> tuple[str, ...]:
    faults = []
    for text in texts:
        try:
            require_web_origin(text)
        except ValueError as problem:
            faults.append(str(problem))
    if faults:
        raise ValueError("; ".join(faults))
    return texts


def _inside(check: Callable[[str], str]) -> AfterValidator:
    """Return the validator that applies `check` to what a secret hides."""
    return AfterValidator(lambda secret: SecretStr(check(secret.get_secret_value())))


Level = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_in_lower_case)]
Listed = BeforeValidator(_listed)
Texts = Annotated[tuple[str, ...], Listed, AfterValidator(_trimmed)]
Peers = Annotated[Texts, AfterValidator(_peers)]
ListeningHost = Annotated[str, AfterValidator(_host)]
FileMode = Annotated[str, BeforeValidator(_file_mode), AfterValidator(_permissions)]
ZoneName = Annotated[str, AfterValidator(_zone)]
DatabaseUrl = Annotated[SecretStr, _inside(database_url)]
PostgresUrl = Annotated[SecretStr, _inside(postgres_url)]
QueueUrl = Annotated[SecretStr, _inside(queue_url)]
MailUrl = Annotated[SecretStr, _inside(mail_url)]
MailSender = Annotated[str, AfterValidator(mail_sender)]
ModelServerUrl = Annotated[str, AfterValidator(model_server_url)]
PublicUrl = Annotated[str, AfterValidator(public_url)]
StrictTransport = Annotated[str, AfterValidator(_strict_transport)]
Origins = Annotated[Texts, AfterValidator(_origins)]
SigningKey = Annotated[SecretStr, _inside(long_enough)]
