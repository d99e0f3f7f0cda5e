"""How well the content check tells good texts from bad ones, on recorded answers.

`python -m tests.ai.evaluation.score` prints the table; `--aside` that of the recordings kept aside, `--wrong` each text
that was judged otherwise than by hand.
"""

import argparse
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from schediora.ai.content.text import Text
from schediora.ai.model.check import Check
from schediora.ai.model.reading import slots_in
from tests.ai.evaluation.recordings import FAULTS, GOOD, OF_ANOTHER_SLOT, Recording, recordings

LABELS = ("good", "salvaged", *FAULTS, *OF_ANOTHER_SLOT)


@dataclass(frozen=True)
class Judged:
    """A text as a person labelled it, whether it would reach the student, and the check's complaint."""

    recording: Recording
    number: int
    label: str
    passed: bool
    text: Text | None
    complaint: str | None

    @property
    def is_wrong(self) -> bool:
        """Return whether the check and the label disagree."""
        return self.passed != (self.label in GOOD)


@dataclass
class Score:
    """For each label, how many texts there are and how many would reach the student."""

    texts: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    wrong: list[Judged] = field(default_factory=list)

    def share(self, label: str) -> float:
        """Return the share of texts with `label` that would reach the student."""
        return self.passed[label] / self.texts[label]


def judged(recording: Recording) -> list[Judged]:
    """Return each labelled text of a recording as the author of plans would treat it."""
    request = recording.request
    texts = slots_in(recording.raw, request.numbers)
    kept, faults = Check(request).sorted_out(texts)
    complaints = {fault.number: fault.sentence for fault in faults}
    return [
        Judged(recording, number, label, number in kept, texts.get(number), complaints.get(number))
        for number, label in recording.labels.items()
    ]


def score(found: Iterable[Recording]) -> Score:
    """Return how the texts of `found` fare."""
    result = Score()
    for recording in found:
        for text in judged(recording):
            result.texts[text.label] += 1
            result.passed[text.label] += text.passed
            if text.is_wrong:
                result.wrong.append(text)
    return result


@cache
def score_of(*, aside: bool) -> Score:
    """Return how the recordings to work with fare, or those kept aside; each is judged once."""
    return score(recordings(aside=aside))


def table() -> str:
    """Return the Markdown table of both parts: texts, how many reach the student, and the share."""
    open_, aside = score_of(aside=False), score_of(aside=True)
    rows = ["| texts | worked with | reach the student | kept aside | reach the student |", "|---|--:|--:|--:|--:|"]
    for label in LABELS:
        cells = [
            cell
            for part in (open_, aside)
            for cell in (str(part.texts[label]), f"{part.passed[label]} ({part.share(label):.0%})")
        ]
        rows.append(f"| {label.replace('_', ' ')} | {' | '.join(cells)} |")
    return "\n".join(rows)


def main() -> None:
    """Print the score."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aside", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    result = score_of(aside=options.aside)
    for label in LABELS:
        print(f"{label:15} {result.passed[label]:4} of {result.texts[label]:4} reach the student")
    if options.wrong:
        for text in result.wrong:
            print(f"\n{text.recording.brief} {text.number + 1} {text.label}: {text.complaint}\n  {text.text}")


if __name__ == "__main__":
    main()
