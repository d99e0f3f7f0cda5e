"""The client's address behind proxies: nobody can choose it, and nobody's is taken for a proxy's."""

import io
import json
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from schediora import log
from schediora.errors import SetupError
from schediora.http.client_address import MOST_WARNINGS, TrustedProxies
from schediora.settings.loading import load

DEFAULT = ("127.0.0.0/8", "::1/128", "unix")
PROXIES = TrustedProxies((*DEFAULT, "10.0.0.0/8", "2001:db8:ffff::/48"))


def client(peer: str = "127.0.0.1", forwarded_for: str | None = None, forwarded: str | None = None) -> str:
    return PROXIES.client_of(peer, forwarded_for=forwarded_for, forwarded=forwarded)


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What production writes."""
    stream = io.StringIO()
    log.configure(production=True, stream=stream)
    yield stream
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("peer", "seen"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("localhost", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_without_a_proxy_it_is_the_peer(peer: str, seen: str) -> None:
    assert client(peer) == seen


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", "localhost", "", "10.200.0.1"])
def test_a_trusted_proxy_is_believed(peer: str) -> None:
    assert PROXIES.trusts(peer)
    assert client(peer, "203.0.113.9") == client(peer, None, "for=203.0.113.9") == "203.0.113.9"


@pytest.mark.parametrize("peer", ["198.51.100.7", "11.0.0.1", "2001:db8::1", "::ffff:198.51.100.7", "::127.0.0.1"])
def test_nobody_else_is(peer: str) -> None:
    assert not PROXIES.trusts(peer)
    assert client(peer, "203.0.113.9", "for=203.0.113.9") == client(peer)


def test_a_unix_socket_is_trusted_only_where_it_is_named() -> None:
    proxies = TrustedProxies(("127.0.0.1",))
    assert not proxies.trusts("localhost")
    assert proxies.client_of("localhost", forwarded_for="203.0.113.9", forwarded=None) == "127.0.0.1"


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        ("6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9, 10.0.0.2, 10.0.0.1", "203.0.113.9"),
        ("6.6.6.6,203.0.113.9,,  ,10.0.0.1 , ", "203.0.113.9"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("203.0.113.9:52011", "203.0.113.9"),
        ("[2001:db8::7]:52011", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("2001:DB8:0::7", "2001:db8::7"),
        ('"[2001:db8::7]:52011"', "2001:db8::7"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, ::ffff:10.0.0.1", "203.0.113.9"),
        ("fe80::1%\x1b[31m", "fe80::1"),
        ("203.0.113.9, 2001:db8:ffff::1", "203.0.113.9"),
        ("", "127.0.0.1"),
        (", ,", "127.0.0.1"),
        ("unknown", "127.0.0.1"),
        ("6.6.6.6, unknown, 10.0.0.1", "10.0.0.1"),
        ("6.6.6.6, _hidden", "127.0.0.1"),
        ("6.6.6.6, 300.1.1.1", "127.0.0.1"),
        ("6.6.6.6, 010.0.0.1", "127.0.0.1"),
        ("6.6.6.6, [2001:db8::7", "127.0.0.1"),
        ("6.6.6.6, 2001:db8::7::8", "127.0.0.1"),
        ("6.6.6.6, \xff", "127.0.0.1"),
    ],
)
def test_x_forwarded_for_is_read_from_the_right_as_far_as_proxies_vouch_for_it(header: str, seen: str) -> None:
    assert client(forwarded_for=header) == seen


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
        ("For=192.0.2.60", "192.0.2.60"),
        ('for=6.6.6.6, FOR="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"),
        ('for="192.0.2.60:4711"', "192.0.2.60"),
        ("for=192.0.2.60:4711", "192.0.2.60"),
        ("for=[2001:db8::7]:4711", "2001:db8::7"),
        (r'for="192\.0.2.60"', "192.0.2.60"),
        ('by=_a;for=192.0.2.60;host="a,b;for=6.6.6.6", for=10.0.0.1', "192.0.2.60"),
        ("for=6.6.6.6,for=192.0.2.60 ,\tfor=10.0.0.1;proto=https", "192.0.2.60"),
        ("for=6.6.6.6, for=unknown", "127.0.0.1"),
        ('for=6.6.6.6, for="_gazonk"', "127.0.0.1"),
        ("for=6.6.6.6, proto=https", "127.0.0.1"),
        ("for=6.6.6.6, for=_hidden:_port, for=10.0.0.1", "10.0.0.1"),
        ('for="", for=10.0.0.1', "10.0.0.1"),
        ("", "127.0.0.1"),
        ("nonsense", "127.0.0.1"),
        ('for="192.0.2.60', "127.0.0.1"),
    ],
)
def test_forwarded_is_read_in_the_same_way(header: str, seen: str) -> None:
    assert client(forwarded=header) == seen


def test_more_proxies_in_a_row_than_a_chain_has_are_not_looked_through() -> None:
    proxies = [f"10.0.0.{number}" for number in range(32)]
    assert client(forwarded_for=", ".join(["203.0.113.9", *proxies[1:]])) == "203.0.113.9"
    assert client(forwarded_for=", ".join(["203.0.113.9", *proxies])) == "10.0.0.0"


@pytest.mark.parametrize("opened", ['for=6.6.6.6;a="', 'for="', 'for=6.6.6.6;a="\\', "for=6.6.6.6;a=", "for=6.6.6.6;"])
@pytest.mark.parametrize("written", ["for=203.0.113.9", 'for="[2001:db8::7]:1"', 'for="203.0.113.9:1";by="[::1]"'])
def test_a_quotation_mark_left_open_does_not_let_a_client_choose(opened: str, written: str) -> None:
    assert client(forwarded=f"{opened}, {written}") in ("127.0.0.1", "203.0.113.9", "2001:db8::7")


def test_where_both_headers_are_sent_the_one_that_nearly_every_proxy_writes_decides() -> None:
    assert client(forwarded_for="203.0.113.9", forwarded="for=6.6.6.6") == "203.0.113.9"
    assert client(forwarded_for="", forwarded="for=6.6.6.6") == "127.0.0.1"


ENTRIES = st.one_of(
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=60),
    st.ip_addresses().map(str),
    st.sampled_from(["for=", '"', ",", ";", "[", "]:1", "unknown"]),
)


@given(st.lists(ENTRIES, max_size=12).map("".join), st.sampled_from(["", "x"]))
def test_whatever_is_sent_the_answer_is_an_address(junk: str, peer: str) -> None:
    for seen in (client(peer, junk), client(peer, None, junk)):
        assert str(ip_address(seen)) == seen


@given(st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=60))
def test_what_a_client_sends_before_the_proxys_entry_changes_nothing(junk: str) -> None:
    assert client(forwarded_for=f"{junk}, 203.0.113.9") == "203.0.113.9"
    assert client(forwarded=f"{junk}, for=203.0.113.9") in ("203.0.113.9", "127.0.0.1")


def test_an_untrusted_peer_that_sends_them_is_named_once_with_the_line_to_set(lines: io.StringIO) -> None:
    proxies = TrustedProxies(DEFAULT)
    for peer in ("172.17.0.1", "172.17.0.1", "172.17.0.2"):
        proxies.client_of(peer, forwarded_for="6.6.6.6", forwarded=None)
    TrustedProxies(("10.0.0.1",)).client_of("localhost", forwarded_for="6.6.6.6", forwarded=None)
    first, second, socket = (json.loads(line) for line in lines.getvalue().splitlines())
    assert (first["event"], first["level"], first["peer"]) == ("proxy_not_trusted", "warning", "172.17.0.1")
    assert 'trusted_proxies = ["127.0.0.0/8", "::1/128", "unix", "172.17.0.1"]' in first["reason"]
    assert second["peer"] == "172.17.0.2"
    assert 'trusted_proxies = ["10.0.0.1", "unix"]' in socket["reason"]


def test_those_who_invent_peers_do_not_fill_the_log(lines: io.StringIO) -> None:
    proxies = TrustedProxies(DEFAULT)
    for number in range(MOST_WARNINGS * 3):
        proxies.client_of(f"2001:db8::{number:x}", forwarded_for=None, forwarded="for=6.6.6.6")
    assert len(lines.getvalue().splitlines()) == MOST_WARNINGS


@pytest.mark.parametrize("wrong", ["10.0.0.5/8", "everybody", "10.0.0.0/40", "2001:db8::/200", "*"])
def test_what_is_no_network_is_refused_at_the_start(wrong: str, tmp_path: Path) -> None:
    file = tmp_path / "schediora.toml"
    file.write_text(f'[server]\ntrusted_proxies = ["127.0.0.1", "{wrong}"]\n')
    with pytest.raises(SetupError, match="trusted_proxies") as caught:
        load(file)
    assert wrong in caught.value.detail
