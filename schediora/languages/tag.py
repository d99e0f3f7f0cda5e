"""Language tags as BCP 47 (RFC 5646) has them: "id", "zh-Hant-TW"."""

import re

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-[a-z]{3}){0,3}(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*)(?P<extensions>(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*)"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?"
)
"""RFC 5646, 2.1, without the tags that are registered whole and those of private use alone, which name no language."""
_LONGEST = 35
"""As much as RFC 5646, 4.4.1, asks everybody to take."""
_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el
en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io is it
iu iw ja ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo
mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh
si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh
yi yo za zh zu
"""
_TWO_LETTERS = frozenset(_CODES.split())
"""Every subtag of two letters for a language (ISO 639-1, and those that it gave up)."""


def language_tag(text: str) -> str:
    """Return `text` as a language tag in its usual spelling; raise ValueError for what is none."""
    tag = text.casefold()
    found = _TAG.fullmatch(tag) if len(tag) <= _LONGEST and tag.isascii() else None
    if not found or (len(found["language"]) == 2 and found["language"] not in _TWO_LETTERS):
        raise ValueError(f"{text[:_LONGEST]!r} is not a language tag such as id or zh-Hant")
    singles = re.findall(r"-([0-9a-wy-z])(?=-)", found["extensions"])
    variants = found["variants"].split("-")[1:]
    if len(set(singles)) < len(singles) or len(set(variants)) < len(variants):
        raise ValueError(f"{text[:_LONGEST]!r} says the same twice, so it is not a language tag")
    script, region = found["script"], found["region"]
    usual = tag.replace(f"-{script}", f"-{script.title()}", 1) if script else tag
    return usual.replace(f"-{region}", f"-{region.upper()}", 1) if region else usual
