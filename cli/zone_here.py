"""The time zone of this machine."""

import os
from pathlib import Path

_LOCALTIME = Path("/etc/localtime")
_ZONES = "zoneinfo/"


def zone_here() -> str:
    """Return the IANA name of this machine's zone: that of `TZ`, failing that of /etc/localtime, failing that UTC."""
    from schediora.localtime import zone_names

    for named in (os.environ.get("TZ", "").removeprefix(":"), os.path.realpath(_LOCALTIME)):
        name = named.rpartition(_ZONES)[2]
        if name in zone_names():
            return name
    return "UTC"
