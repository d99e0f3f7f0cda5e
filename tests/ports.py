"""Free ports for servers that are named before they listen, and may be started again where they were."""

import random
import socket

_FIRST, _END = 10_240, 32_768
"""Below those that Linux gives to whoever connects (ip(7)), of which one may be taken at any moment."""


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port of `host` on which nobody listens."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family) as probe:
            port = random.SystemRandom().randrange(_FIRST, _END)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
