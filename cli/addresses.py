"""Under which addresses a server is reached."""

import ipaddress
import socket

_NOBODY = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses for documentation (RFC 5737, RFC 3849); nothing is ever sent to them."""
_DISCARD_PORT = 9


def is_every_address(host: str) -> bool:
    """Tell whether `host` stands for all addresses of this machine."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def address_here(host: str) -> str:
    """Return the address at which this machine itself reaches what listens on `host`."""
    if not is_every_address(host):
        return host
    return "::1" if ":" in host else "127.0.0.1"


def address_in_the_network(host: str) -> str | None:
    """Return the address at which a phone in the same network reaches what listens on all of this machine's addresses;
    None when it listens on one of them only, or when there is no network.
    """
    if not is_every_address(host):
        return None
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_NOBODY[family], _DISCARD_PORT))  # a datagram socket sends nothing; it picks its address
        except OSError:
            return None
        found = str(probe.getsockname()[0])
    return None if ipaddress.ip_address(found).is_loopback else found


def url(host: str, port: int) -> str:
    """Return the URL of a server, without a slash at the end."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
