"""How our own sessions are known again in a calendar that comes back."""

DOMAIN = "schediora"
"""Ends the UID of every session in a feed: `<the session's id>@schediora`."""
