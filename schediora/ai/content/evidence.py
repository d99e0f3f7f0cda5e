"""Does a text speak for its unit? What is said for it and against it, weighed.

The weights are those of a logistic regression (of the texts of `tests/ai/evaluation`, each also held against the
units that it was not written for), rounded; `least` leaves nearly all good ones.
"""

from dataclasses import dataclass

from schediora.ai.content.subject_matter import About

_MOST_WORDS, _MOST_NAMES = 15.0, 4
"""More than so much says no more."""


@dataclass(frozen=True, slots=True)
class _Weights:
    own: float
    names: float
    titled: float
    called: float
    told: float
    share: float
    topical: float
    quotes: float
    subject: float
    rival: float
    other: float
    most_other: float
    elsewhere: float
    least: float


_KNOWN = _Weights(
    own=1.1,
    names=0.5,
    titled=1.75,
    called=1.2,
    told=1.9,
    share=0.3,
    topical=0.6,
    quotes=3.0,
    subject=0.6,
    rival=0.15,
    other=0.57,
    most_other=12.0,
    elsewhere=0.7,
    least=0.7,
)
_NAMED_ONLY = _Weights(
    own=0.0,
    names=0.2,
    titled=1.6,
    called=1.8,
    told=1.1,
    share=3.0,
    topical=0.0,
    quotes=3.0,
    subject=0.0,
    rival=0.2,
    other=0.4,
    most_other=6.0,
    elsewhere=1.0,
    least=1.4,
)
"""A unit that is known by its words, and one of which there is only its name."""


def speaks_for_its_unit(found: About) -> bool:
    """Return whether what was `found` in a text speaks for its unit more than for anything else."""
    return _spoken_for(found) > (_KNOWN if found.known else _NAMED_ONLY).least


def _spoken_for(found: About) -> float:
    weights = _KNOWN if found.known else _NAMED_ONLY
    pro = (
        weights.own * min(found.own, _MOST_WORDS)
        + weights.names * min(found.named, _MOST_NAMES)
        + weights.titled * min(found.titled, _MOST_NAMES - 1)
        + weights.called * found.called
        + weights.told * (found.told > 0)
        + weights.share * found.told / max(1, found.tells)
        + weights.topical * found.topical
        + weights.quotes * found.quotes
    )
    contra = (
        weights.subject * min(found.subject, _MOST_WORDS)
        + weights.rival * min(found.rival, _MOST_WORDS)
        + weights.other * min(found.other, weights.most_other)
        + weights.elsewhere * min(found.elsewhere, _MOST_NAMES - 1)
    )
    return pro - contra
