"""What uploading a calendar refuses."""

from schediora.errors import Invalid, Unavailable


class CalendarRefused(Invalid):
    """This calendar cannot be used."""

    def __init__(self, sentence: str) -> None:
        """Carry what is wrong with it and what would help."""
        super().__init__([{"pointer": "", "detail": sentence}])


class ExpandersBusy(Unavailable):
    """Other calendars are being read right now. Please try again in a few seconds."""
