"""`schediora worker`."""

from typing import TYPE_CHECKING

from .greeting import greet_worker, say_stopping
from .launch import prepare
from .measuring import where_it_is_given
from .options import ConfigFile, DataDir, read_settings
from .working import work_until_stopped

if TYPE_CHECKING:
    from schediora.server.signals import StopSignals
    from schediora.settings.values import Settings


def worker(data_dir: DataDir = None, config: ConfigFile = None) -> None:
    """Make plans only, beside `serve --no-worker`."""
    settings = read_settings(config, data_dir, serving=True).settings

    from schediora.server.signals import StopSignals

    stop = StopSignals()  # before the rest of the start, which takes a second

    from schediora.db.serving import used

    with used(settings.database_url):
        prepare(settings)
        measured = where_it_is_given(settings)
        work_until_stopped(settings, stop, measured=measured, begun=lambda: _greet(settings, stop))


def _greet(settings: "Settings", stop: "StopSignals") -> None:
    greet_worker(settings)
    stop.then(lambda: say_stopping(settings))
