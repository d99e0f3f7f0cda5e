"""`schediora memory`."""

from .console import show, working
from .options import AsJson, ConfigFile, DataDir, read_settings
from .work import on_the_data


def memory(data_dir: DataDir = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Work out anew what every student remembers of every unit.

    It follows from their sessions and is kept up to date anyway: run this after an older version worked with the
    database. Students may go on meanwhile.
    """
    settings = read_settings(config, data_dir).settings

    from schediora.planner.unit_memory import remember_everything

    with on_the_data(settings), working("Working out what students remember"):
        units = remember_everything()
    show([{"units": units, "memory": "made anew"}], as_json=as_json)
