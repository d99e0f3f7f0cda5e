"""`schediora memory`."""

from .console import show, stop, working
from .launch import close_data_dir, ensure_schema
from .options import AsJson, ConfigFile, DataDir, read_settings


def memory(data_dir: DataDir = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Work out anew what every student remembers of every unit.

    It follows from their sessions and is kept up to date anyway: run this after an older version worked with the
    database. Students may go on meanwhile.
    """
    settings = read_settings(config, data_dir).settings
    close_data_dir(settings)
    if not ensure_schema(settings):
        raise stop("The database has yet to be migrated; run: schediora migrate")

    from schediora.app import connect
    from schediora.db.database import connected
    from schediora.planner.unit_memory import remember_everything

    database = connect(settings)
    with connected(database), working("Working out what students remember"):
        units = remember_everything()
    database.close_all()
    show([{"units": units, "memory": "made anew"}], as_json=as_json)
