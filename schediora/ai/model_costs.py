"""What a model took for a job, as the measurements have it."""

from schediora.ai.author import Authored
from schediora.ai.model.usage import NOTHING_USED
from schediora.metrics.measurements import Measurements


def take_down_model(measurements: Measurements, authored: Authored) -> None:
    """Take down the time and the tokens of a model that was asked; nothing where none was."""
    if authored.milliseconds is None:
        return
    used = authored.usage or NOTHING_USED
    outcome = str(authored.degraded.code) if authored.degraded else "ok"
    measurements.model_asked(outcome, authored.milliseconds / 1000, used.prompt_tokens, used.completion_tokens)
