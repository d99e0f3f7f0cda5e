"""What a student could tap or dial in a text: links, addresses, domains without a scheme, and phone numbers.

Every pattern is linear: what it repeats is bounded, or is consumed whole.
"""

import re
import tomllib
from importlib.resources import files
from ipaddress import IPv4Address
from itertools import pairwise

from schediora.ai.content.judging import listed

_DOMAINS = tomllib.loads(files("schediora.ai.content").joinpath("words.toml").read_text("utf-8"))["domains"]
_ALWAYS = frozenset(_DOMAINS["always"].split())
_ENDINGS = frozenset(_DOMAINS["endings"].split())
_FILES = frozenset(_DOMAINS["files"].split())
_KNOWN = _ALWAYS | _ENDINGS | _FILES
_CODE = frozenset(_DOMAINS["code"].split())

_ADDRESS = re.compile(
    r"[a-z0-9]:(?://|\\\\)|\bwww\.\w|"
    r"\b(?:javascript|vbscript|mailto|tel|sms|smsto|whatsapp|skype|callto|facetime|magnet|intent|data):[^\s:]|"
    r"\w\w@\w\w|\w@[\w-]{1,63}\.\w\w|"
    r"(?:[\[({]\s?(?:dot|\.)\s?[\])}]|\sdot\s)\s?(?:com|org|net|info|io|id|co)\b|"
    r"\w\s{1,2}\.\s{0,2}(?:com|org|net|id)\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?:^|[\s(:])[@\uff20](?!(?:property|staticmethod|classmethod|dataclass|cache|override|media|param|return)\b)[a-z_][\w.]{2,30}",
    re.IGNORECASE,
)
_SPACED = re.compile(r"\w\.\s{1,2}(?:com|org)\b")
_NAME = re.compile(r"[\w.-]+")
_IDEOGRAPHIC_STOP = re.compile(r"(?<=[a-z0-9])[\u3002\uff61](?=[a-z])", re.IGNORECASE)
"""A browser takes it for a dot (UTS 46)."""
_IP = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\w)(:\d{2,5})?(/[^\W\d])?")
_SECTION_NUMBER = 31
"""A number such as 3.2.1.4 in which no part is larger is a section or a version, not an address."""

_GAP = r"[ ().\-/]{0,3}"
_START = r"(?<![\w.,:/-])(?<!\d )"
_END = r"(?![ .\-/]?\d)"
_PHONE = re.compile(
    rf"(?<![\w)])\+\(?[1-9](?:{_GAP}\d){{7,14}}{_END}|"
    rf"{_START}\(?0[1-9](?:{_GAP}\d){{7,11}}{_END}|"
    rf"{_START}00[1-9](?:{_GAP}\d){{8,12}}{_END}|"
    rf"{_START}62[ -]?8\d(?:[ -]?\d){{6,10}}{_END}|"
    rf"{_START}(?:1[ .-])?(?:\(\d{{3}}\) ?|\d{{3}}[.-])\d{{3}}[ .-]\d{{4}}{_END}|"
    rf"{_START}[2-9]\d\d \d{{3}} \d{{4}}{_END}|"
    rf"{_START}[6-9]\d\d(?: \d\d){{3}}{_END}"
)
"""International (E.164), with a trunk prefix, with 00, Indonesian mobile, North American, and Spanish."""
_CALL = re.compile(
    r"\b(?:call|phone|ring|text|tel|telp|telepon|telefon|teléfono|téléphone|hubungi|kontak|contact|whatsapp|wa|sms|dial|"
    r"hotline|llama|llame|marca|escribe|ligue|chame|appelle|appelez|contacte|ruf|rufe|anruf|nummer|número|numéro|nomor|"
    r"number|позвони|звони|номер|اتصل|هاتف|رقم)"
    rf"(?:\W{{1,3}}[^\W\d_]{{1,9}}){{0,3}}\W{{0,6}}(\d(?:{_GAP}\d){{6,14}}){_END}|"
    rf"(?:電話|番号|电话|致电|전화|번호|फ़ोन|फोन|नंबर)[^\d。]{{0,12}}(\d(?:{_GAP}\d){{6,14}}){_END}",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d\d[-./]\d\d[-./]\d{4}")
_YEARS = re.compile(r"[12]\d{3}-[12]\d{3}")
_GROUP = re.compile(r"\d+")
_SMALL_STEP = 10


def holds_address(text: str) -> bool:
    """Return whether the plain `text` holds a link, an e-mail address, a domain, or the address of a machine."""
    text = _IDEOGRAPHIC_STOP.sub(".", text)
    if _ADDRESS.search(text) or _SPACED.search(text):
        return True
    if any(_is_machine(match) for match in _IP.finditer(text)):
        return True
    return any(_is_domain(match[0], text[match.end() : match.end() + 2]) for match in _NAME.finditer(text))


def leads_elsewhere(text: str, *, code: bool = False) -> bool:
    """Return whether the plain `text` names an account, a channel, a group, or a domain as it is spoken.

    In a text about programs (`code`) a name after an at sign is a decorator.
    """
    return bool(listed("elsewhere", "patterns").search(text)) or (not code and bool(_HANDLE.search(text)))


def holds_phone_number(text: str) -> bool:
    """Return whether the plain `text` holds a phone number; dates, ISBNs, lists and round numbers are none."""
    if any(not _YEARS.fullmatch(match[1] or match[2]) for match in _CALL.finditer(text)):
        return True
    return any(
        not _counts(match[0], text[max(0, match.start() - 12) : match.start()]) for match in _PHONE.finditer(text)
    )


def _is_domain(name: str, after: str) -> bool:
    labels = [label.strip("-") for label in name.split(".")]
    folded = [label.casefold() for label in labels]
    shouted = name.isupper()
    has_path = len(after) > 1 and after[0] == "/" and after[1].isalnum()
    for index in range(1, len(labels)):
        host, ending = folded[index - 1], folded[index]
        if not host or not ending:
            continue
        if ending.startswith("xn--") or (has_path and ending in _KNOWN):
            return True
        if host in _CODE:
            continue
        if ending in _ALWAYS:
            return True
        as_written = labels[index].islower() or shouted or not labels[index].isascii()
        last = index == len(labels) - 1 or not labels[index + 1]
        if ending in _ENDINGS and last and as_written and _could_be_a_host(host) and not _is_code(folded[0], after):
            return True
    return False


def _could_be_a_host(label: str) -> bool:
    return len(label) > 1 and any(char.isalpha() for char in label)


def _is_code(first: str, after: str) -> bool:
    """Return whether a dotted name is a call (`plt.show()`) or a package of a program (`com.example.app`)."""
    return after.startswith("(") or first in {"com", "org", "net"}


def _is_machine(match: re.Match[str]) -> bool:
    try:
        address = IPv4Address(match[0].partition(":")[0].partition("/")[0])
    except ValueError:
        return False
    return bool(match[1] or match[2]) or (address.is_global and max(address.packed) > _SECTION_NUMBER)


def _counts(number: str, before: str) -> bool:
    """Return whether what looks like a phone number counts or names something else."""
    groups = _GROUP.findall(number)
    digits = "".join(groups)
    steps = {int(second) - int(first) for first, second in pairwise(groups)}
    return (
        "isbn" in before.casefold()
        or digits.endswith("000000")
        or set(digits) <= {"0", "1"}
        or bool(_DATE.search(number))
        or (len(groups) > 2 and len(steps) == 1 and abs(min(steps)) <= _SMALL_STEP)
        or sum(len(group) == 1 for group in groups) > 2
    )
