"""What can go wrong with links and with sending."""

from schediora.errors import Code, Invalid


class InvalidLink(Invalid):
    """This link was used already or is too old. Please ask for another one."""

    code = Code.INVALID_LINK

    def __init__(self, errors: list[dict[str, str]] | None = None) -> None:
        """Name the field of the body that every such call has, unless there are others to name."""
        super().__init__(errors or [{"pointer": "/token", "detail": self.sentence()}])


class NotSent(Exception):
    """The mail server did not take a mail: it `refused` the mailbox for good, or was `away` for every mail."""

    def __init__(self, reason: str, *, refused: bool = False, away: bool = False) -> None:
        super().__init__(reason)
        self.refused = refused
        self.away = away
