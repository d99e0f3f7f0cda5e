"""Whose call it is: the client's address, which behind a proxy only the proxy knows.

A proxy names whom it speaks for in `X-Forwarded-For` or `Forwarded` (RFC 7239). Anybody can send these headers, so they
are read from the right, where the nearest proxy wrote, and only as far as trusted proxies vouch for them.
"""

import functools
import re
import threading
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from schediora import log

_log = log.get_logger(__name__)

UNIX_SOCKET = "unix"
"""What stands in the settings for whoever connects to a unix socket."""
THIS_MACHINE = "127.0.0.1"
MOST_HOPS = 32
"""Proxies in a row that are looked through; more is no chain of proxies."""
MOST_PEERS = 10_000
MOST_WARNINGS = 100
"""Peers that are warned of, so that those who invent peers fill neither the log nor the memory."""

_SUBSCRIBER_BITS = 64
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
# Wider than the RFC's token: an address with a port is often sent without the quotation marks that it needs.
_PAIR = re.compile(rf'({_TOKEN})=([^\s",;]+|"(?:[^"\\]|\\.)*")')
_SEPARATOR = re.compile(r"[ \t]*([,;])[ \t,;]*")
_HTTPS = re.compile(r'\bproto="?https\b', re.IGNORECASE)
_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\w+)?|([0-9.]+):\w+")

Address = IPv4Address | IPv6Address


class TrustedProxies:
    """The peers whose word on their clients' addresses is taken."""

    def __init__(self, names: tuple[str, ...]) -> None:
        """Take networks such as `10.0.0.0/8`, single addresses, and `unix` for the unix socket."""
        self._names = names
        self._networks = tuple(ip_network(name) for name in names if name != UNIX_SOCKET)
        self.trusts = functools.lru_cache(MOST_PEERS)(self._trusts)
        """Tells whether a peer, the other end of a connection, is a trusted proxy; each is looked at once."""
        self._warned_of: set[str] = set()
        self._warning = threading.Lock()

    def _trusts(self, peer: str) -> bool:
        """What is no address is a unix socket's."""
        address = _address(peer)
        if address is None:
            return UNIX_SOCKET in self._names
        return any(address in network for network in self._networks)

    def client_of(self, peer: str, *, forwarded_for: str | None, forwarded: str | None) -> str:
        """Return the IP address of the client behind `peer`: the rightmost that no trusted proxy has.

        `forwarded_for` and `forwarded` are the headers; the former decides where there are both, as nearly every proxy
        writes it and passes the latter on as it came. An entry that names no address (`unknown`, `_hidden`) ends the
        search at the proxy that wrote it. A unix socket's peer is this machine.
        """
        if forwarded_for is None and forwarded is None:
            return _direct(peer)
        nearest = _address(peer)
        if not self.trusts(peer):
            self._warn(peer)
            return str(nearest or THIS_MACHINE)
        named = _forwarded_for(forwarded_for) if forwarded_for is not None else _forwarded(forwarded or "")
        for _, entry in zip(range(MOST_HOPS), named, strict=False):
            further = _address(entry)
            if further is None:
                break
            nearest = further
            if not self.trusts(str(nearest)):
                break
        return str(nearest or THIS_MACHINE)

    def say_https(self, peer: str, *, proto: str | None, forwarded: str | None) -> bool:
        """Tell whether `peer` is a trusted proxy and says that its client came by TLS, to it or to one before it:
        `proto` (`X-Forwarded-Proto`) and `forwarded` are the headers.
        """
        if proto is not None:
            secure = "https" in [entry.strip().lower() for entry in proto.split(",")]
        else:
            secure = bool(_HTTPS.search(forwarded or ""))
        return secure and self.trusts(peer)

    def _warn(self, peer: str) -> None:
        """Name an untrusted peer that sends these headers, once: it may be a proxy that was not made known."""
        if peer in self._warned_of:
            return
        with self._warning:
            if peer in self._warned_of or len(self._warned_of) >= MOST_WARNINGS:
                return
            self._warned_of.add(peer)
        quoted = ", ".join(f'"{name}"' for name in (*self._names, peer if _address(peer) else UNIX_SOCKET))
        _log.warning(
            "proxy_not_trusted",
            peer=peer,
            reason="it sends X-Forwarded-For or Forwarded, which is ignored; "
            f"if it is a proxy of yours, set in [server]: trusted_proxies = [{quoted}]",
        )


def network_of(address: str) -> str:
    """Return what counts as one client: an IPv4 address, or the /64 of an IPv6 address.

    A /64 is what one subscriber gets at the least (RFC 6177, section 2), and all of its addresses are theirs to choose
    from. What is no address stands for itself.
    """
    parsed = _address(address)
    if parsed is None:
        return address
    return str(parsed if parsed.version == 4 else IPv6Network((int(parsed), _SUBSCRIBER_BITS), strict=False))


def _forwarded_for(header: str) -> Iterator[str]:
    """Yield the entries of `X-Forwarded-For`, the nearest first."""
    for entry in reversed(header.split(",")):
        if named := entry.strip(' \t"'):
            yield named


def _forwarded(header: str) -> Iterator[str]:
    """Yield whom each element of `Forwarded` speaks for, the nearest first; nobody where the header cannot be read."""
    clients = [""]
    at = 0
    header = header.strip(" \t,;")
    while at < len(header):
        if (pair := _PAIR.match(header, at)) is None:
            return
        name, value = pair.groups()
        if name.lower() == "for":
            clients[-1] = re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
        at = pair.end()
        if at < len(header):
            if (separator := _SEPARATOR.match(header, at)) is None:
                return
            if "," in separator[0]:
                clients.append("")
            at = separator.end()
    yield from reversed(clients)


@functools.lru_cache(maxsize=MOST_PEERS)
def _direct(peer: str) -> str:
    """Return the address of a peer who speaks for itself, kept: it calls again and again."""
    return str(_address(peer) or THIS_MACHINE)


def _address(text: str) -> Address | None:
    """Return the address that `text` begins with or is, without port or zone; an IPv4 address that is mapped into IPv6
    is itself.
    """
    if wrapped := _WITH_PORT.fullmatch(text):
        text = wrapped[1] if wrapped[1] is not None else wrapped[2]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
