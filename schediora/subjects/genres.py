"""The kind of work that a topic is studied by, guessed from its words where Schediora does not know the subject."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from schediora.subjects.catalog import Genre
from schediora.subjects.once import once
from schediora.subjects.text import plain

_UNKNOWN: Genre = "reading"
"""What nothing is known of is read, retold and asked about: that holds for most things."""
_SIGNS_KEPT = "+#"


@dataclass(frozen=True, slots=True)
class _Signs:
    words: frozenset[str]
    starts: tuple[str, ...]
    unspaced: tuple[str, ...]
    minutes: int

    def are_in(self, text: str, words: set[str]) -> bool:
        """Tell whether `text`, whose `words` these are, has one of the signs."""
        return (
            not self.words.isdisjoint(words)
            or any(word.startswith(self.starts) for word in words)
            or any(sign in text for sign in self.unspaced)
        )


def genre_of(topic: str) -> Genre:
    """Return the genre that the words of `topic` name: "Learn the piano" is an instrument, "Sejarah Islam" is read."""
    text = plain(topic).casefold()
    words = set("".join(char if char.isalnum() or char in _SIGNS_KEPT else " " for char in text).split())
    return next((genre for genre, signs in _signs().items() if signs.are_in(text, words)), _UNKNOWN)


def usual_paper_minutes(genre: Genre) -> int:
    """Return how long a usual paper of the genre takes, for a subject whose own paper is unknown."""
    return _signs()[genre].minutes


@once
def _signs() -> Mapping[Genre, _Signs]:
    table = tomllib.loads(files("schediora.subjects").joinpath("genres.toml").read_text("utf-8"))
    genres: tuple[Genre, ...] = ("test", "language", "instrument", "programming", "reading", "problems")
    return {
        genre: _Signs(
            words=frozenset(table[genre]["words"].split()),
            starts=tuple(table[genre]["starts"].split()),
            unspaced=tuple(table[genre].get("unspaced", "").split()),
            minutes=table[genre]["minutes"],
        )
        for genre in genres
    }
