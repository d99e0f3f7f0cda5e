"""A trial of a model: one step to write, judged like those of students' plans."""

from schediora.ai.curriculum.frame import Role, Slot, Why
from schediora.ai.model.check import Check
from schediora.ai.model.slots import Passage, SlotRequest, Writer

_SLOT = Slot(role=Role.LESSON, why=Why.NEW, topic="Biology", units=(), minutes=45)
_REQUEST = SlotRequest((Passage(0, _SLOT),), "en", (0,), "Pass the semester exam")


def try_model(writer: Writer, *, seconds: float) -> str | None:
    """Return what is wrong with what `writer` wrote, None when it was a sound step.

    Raises ProviderError when it wrote nothing within `seconds`.
    """
    answers = writer.write_slots(_REQUEST, seconds=seconds)
    _, faults = Check(_REQUEST).sorted_out(answers.texts)
    return faults[0].sentence.rstrip(".") if faults else None
