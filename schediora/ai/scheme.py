"""The words in which the rules write a plan, one file a language in `schemes/*.toml`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from schediora.ai.goals import Goal, Slot

FALLBACK = "en"
TITLE_LENGTH = 180
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A step's title and detail with places to fill in; one with a goal is for that goal alone."""

    title: str
    detail: str
    goal: Goal | None = None

    def fill(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Return title and detail with `values` in their places; values are never searched for places themselves."""
        return filled(self.title, values)[:TITLE_LENGTH].rstrip(), filled(self.detail, values)


@dataclass(frozen=True, slots=True)
class Scheme:
    """One language's words: `known` for topics with known sub-topics (it may have none), `general` for others."""

    language: str
    nameless: str
    plan_title: str
    final_title: str
    summaries: Mapping[Goal, str]
    final_summary: str
    known: Mapping[Slot, tuple[Template, ...]]
    general: Mapping[Slot, tuple[Template, ...]]
    again: Template

    @property
    def knows_units(self) -> bool:
        """Return whether this language has words for known sub-topics."""
        return bool(self.known)

    def title(self, topic: str, about: str) -> str:
        """Return the title of a plan for `topic`, with what its week is about where that has a name."""
        return f"{topic}: {about}"[:TITLE_LENGTH] if about else filled(self.plan_title, {"topic": topic})

    def title_of_last_days(self, topic: str) -> str:
        """Return the title of a plan for the days before an exam in `topic`."""
        return filled(self.final_title, {"topic": topic})


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with each `{name}` replaced by its value; raise KeyError for a name without one."""
    return _PLACE.sub(lambda place: values[place.group(1)], text)


def choices(templates: tuple[Template, ...], goal: Goal, week: int) -> tuple[Template, ...]:
    """Return the templates for `goal` first, then those for any goal, begun at another place each week."""
    own = tuple(template for template in templates if template.goal is goal)
    common = tuple(template for template in templates if template.goal is None)
    start = week % len(common) if common else 0
    return (*own, *common[start:], *common[:start])


@cache
def scheme(language: str) -> Scheme:
    """Return the words of `language` (ISO 639-1), in English where Schediora has none."""
    folder = files("schediora.ai").joinpath("schemes")
    entry = folder.joinpath(f"{language}.toml")
    if not entry.is_file():
        return scheme(FALLBACK)
    document = tomllib.loads(entry.read_text("utf-8"))
    (again,) = _templates(document["general"].pop("again"))
    return Scheme(
        language=language,
        nameless=document["nameless"],
        plan_title=document["title"],
        final_title=document["final"],
        summaries={goal: document["summary"][goal.value] for goal in Goal},
        final_summary=document["summary"]["final"],
        known={slot: _templates(items) for slot, items in document.get("known", {}).items()},
        general={slot: _templates(items) for slot, items in document["general"].items()},
        again=again,
    )


def _templates(items: list[dict[str, Any]]) -> tuple[Template, ...]:
    return tuple(
        Template(item["title"], item["detail"], Goal(item["goal"]) if "goal" in item else None) for item in items
    )
