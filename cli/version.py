"""`schediora version`."""

import typer

from .console import show_json
from .options import AsJson


def version(as_json: AsJson = False) -> None:
    """Print which version this is."""
    import importlib.metadata
    import platform

    number = importlib.metadata.version("schediora")
    if as_json:
        show_json({"version": number, "python": platform.python_version()})
    else:
        typer.echo(f"schediora {number}")
