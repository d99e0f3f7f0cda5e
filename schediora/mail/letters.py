"""The letters to students: text and plain HTML that say the same, in the languages of the web app."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from html import escape
from zoneinfo import ZoneInfo

from schediora.languages.language import FALLBACK
from schediora.languages.sentences import Sentences, Value
from schediora.mail.links import GOOD_FOR, path_of
from schediora.models.mail import LinkPurpose, MailKind

LANGUAGES = ("en", "id")
_WORDS = Sentences(__package__, folder="letters")
_WIDTH = "max-width:34em;margin:2em auto;padding:0 1em;font:16px/1.5 system-ui,sans-serif"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is written to: where, in which language (BCP 47), and by which clock."""

    address: str
    language: str
    zone: ZoneInfo


class Letters:
    """Writes letters from `sender`, with links that begin with the service's own address alone, never with one that a
    call named.
    """

    def __init__(self, sender: Address, public_url: str) -> None:
        self._sender = sender
        self._public_url = public_url

    def write(self, kind: MailKind, reader: Reader, token: str | None, *, asked_at: datetime) -> EmailMessage:
        """Return the letter of a kind, with the link that `token` makes where it has one."""
        language = reader.language if reader.language in LANGUAGES else FALLBACK
        local = asked_at.astimezone(reader.zone)
        values: dict[str, Value] = {
            "minutes": int(GOOD_FOR.total_seconds()) // 60,
            "day": local.date(),
            "minute": local.hour * 60 + local.minute,
            "address": self._public_url,
        }

        def say(part: str) -> str:
            return _WORDS.say(f"{kind}_{part}", language, **values)

        link = self._public_url + path_of(LinkPurpose(kind), token) if token else None
        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = Address(addr_spec=reader.address)
        message["Subject"] = say("subject")
        message["Date"] = format_datetime(asked_at)
        message["Message-ID"] = make_msgid(domain=self._sender.domain)
        # RFC 3834: no absence notice is to answer it.
        message["Auto-Submitted"] = "auto-generated"
        parts = [say("lead"), *([link] if link else []), say("rest"), say("else")]
        message.set_content("\n\n".join(parts) + "\n", cte="quoted-printable")
        button = f'<p><a href="{escape(link)}">{escape(say("button"))}</a></p>' if link else ""
        shown = f"<p>{escape(say('lead'))}</p>{button}<p>{escape(say('rest'))}</p><p>{escape(say('else'))}</p>"
        page = (
            f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
            f'<title>{escape(say("subject"))}</title></head>\n<body style="{_WIDTH}">\n{shown}\n</body></html>\n'
        )
        message.add_alternative(page, subtype="html", cte="quoted-printable")
        message["Content-Language"] = language
        return message
