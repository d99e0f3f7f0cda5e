"""The head of a request is read as RFC 9112 says, and refused where two readers could read it in two ways."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schediora.server.refusals import Refused
from schediora.server.request_head import read_head

HOST = "Host: api.example.org"


def head(first: str = "POST /plans HTTP/1.1", *fields: str) -> bytes:
    return "\r\n".join((first, *fields, "", "")).encode("latin-1")


def status_of(raw: bytes) -> int:
    with pytest.raises(Refused) as caught:
        read_head(raw)
    return int(caught.value.code)


def test_a_head_is_taken_apart() -> None:
    read = read_head(
        head(
            "POST /a%20b?x=1%202 HTTP/1.1",
            HOST,
            "Content-Type:application/json",
            "X-A: 1 ",
            "x-a:\t2",
            "Content-Length: 7",
        )
    )
    assert (read.method, read.target, read.path, read.query) == ("POST", "/a%20b?x=1%202", "/a b", "x=1%202")
    assert (read.version, read.length, read.chunked, read.closes) == ("1.1", 7, False, False)
    assert read.fields == {
        "HOST": "api.example.org",
        "CONTENT_TYPE": "application/json",
        "X_A": "1, 2",
        "CONTENT_LENGTH": "7",
    }


@pytest.mark.parametrize(
    ("first", "fields"),
    [
        pytest.param("GET /", [HOST], id="no version"),
        pytest.param("GET  / HTTP/1.1", [HOST], id="two spaces"),
        pytest.param(" GET / HTTP/1.1", [HOST], id="space before the method"),
        pytest.param("GET / HTTP/1.1 ", [HOST], id="space after the version"),
        pytest.param("GET\t/ HTTP/1.1", [HOST], id="tab"),
        pytest.param("get / HTTP/1.1", [HOST], id="method in lower case"),
        pytest.param("G(T / HTTP/1.1", [HOST], id="no method"),
        pytest.param("GET / http/1.1", [HOST], id="version in lower case"),
        pytest.param("GET / HTTP/1.10", [HOST], id="version of two digits"),
        pytest.param("GET a/b HTTP/1.1", [HOST], id="target without a slash"),
        pytest.param("CONNECT a:443 HTTP/1.1", [HOST], id="tunnel"),
        pytest.param("GET * HTTP/1.1", [HOST], id="asterisk"),
        pytest.param("GET /\x01 HTTP/1.1", [HOST], id="control character in the target"),
        pytest.param("GET http://[ HTTP/1.1", [HOST], id="URL that cannot be split"),
        pytest.param("GET http:///a HTTP/1.1", [HOST], id="URL without a host"),
        pytest.param("GET http://user@a/ HTTP/1.1", [HOST], id="URL with a user"),
        pytest.param("GET / HTTP/1.1", [], id="no host"),
        pytest.param("GET / HTTP/1.1", ["Host:"], id="empty host"),
        pytest.param("GET / HTTP/1.1", [HOST, HOST], id="two hosts"),
        pytest.param("GET / HTTP/1.0", [HOST, HOST], id="two hosts in HTTP/1.0"),
        pytest.param("GET http://a/ HTTP/1.1", [HOST, HOST], id="two hosts beside a URL"),
        pytest.param("GET / HTTP/1.1", ["Host: a b"], id="host with a space"),
        pytest.param("GET / HTTP/1.1", ["Host: a, b"], id="hosts in a list"),
        pytest.param("GET / HTTP/1.1", ["Host: http://a/"], id="host that is a URL"),
        pytest.param("GET / HTTP/1.1", ["Host: a:http"], id="port in letters"),
        pytest.param("GET / HTTP/1.1", ["Host: [::1"], id="half an IPv6 address"),
        pytest.param("GET / HTTP/1.1", [HOST, "no colon"], id="no colon"),
        pytest.param("GET / HTTP/1.1", [HOST, ": empty"], id="no name"),
        pytest.param("GET / HTTP/1.1", [HOST, "X-A : b"], id="space before the colon"),
        pytest.param("GET / HTTP/1.1", [HOST, "X-A: b", " c: d"], id="folded line"),
        pytest.param("GET / HTTP/1.1", [" X-A: b", HOST], id="folded first line"),
        pytest.param("GET / HTTP/1.1", [HOST, "X-A: b\x00c"], id="NUL in a value"),
        pytest.param("GET / HTTP/1.1", [HOST, "X-A: b\rc"], id="bare carriage return"),
        pytest.param("GET / HTTP/1.1", [HOST, "X-A: b\nX-B: c"], id="bare line feed"),
        pytest.param("GET / HTTP/1.1", [HOST, "X-\xe4: b"], id="name that is no token"),
        *(
            pytest.param("POST / HTTP/1.1", [HOST, f"Content-Length: {length}"], id=f"length {length[:9]!r}")
            for length in ("", "many", "-1", "+1", "1,1", "1, 2", "0x10", "1 2", "1.0", "\xb2", "9" * 19, "9" * 5000)
        ),
        pytest.param("POST / HTTP/1.1", [HOST, "Content-Length: 1", "Content-Length: 1"], id="the same length twice"),
        pytest.param("POST / HTTP/1.1", [HOST, "Content-Length: 1", "Content-Length: 2"], id="two lengths"),
        pytest.param("POST / HTTP/1.1", [HOST, "Transfer-Encoding:"], id="no coding"),
        pytest.param("POST / HTTP/1.1", [HOST, "Transfer-Encoding: chunked, chunked"], id="chunked twice"),
        pytest.param("POST / HTTP/1.1", [HOST, "Transfer-Encoding: ,chunked"], id="empty coding"),
        pytest.param("POST / HTTP/1.0", [HOST, "Transfer-Encoding: chunked"], id="chunked in HTTP/1.0"),
    ],
)
def test_what_is_not_http_is_malformed(first: str, fields: list[str]) -> None:
    assert status_of(head(first, *fields)) == 400


@pytest.mark.parametrize(
    "coding", ["gzip", "gzip, chunked", "chunked, gzip", "xchunked", "chunked;q=1", "\x0bchunked"[1:] + "x"]
)
def test_other_transfer_codings_are_not_implemented(coding: str) -> None:
    assert status_of(head("POST / HTTP/1.1", HOST, f"Transfer-Encoding: {coding}")) == 501


@pytest.mark.parametrize("first", ["PRI * HTTP/2.0", "GET / HTTP/2.0", "GET / HTTP/0.9"])
def test_other_versions_are_not_supported(first: str) -> None:
    assert status_of(head(first.replace("PRI *", "PRI /"), HOST)) == 505


def test_a_length_beside_chunks_does_not_count_and_ends_the_connection() -> None:
    both = read_head(head("POST / HTTP/1.1", HOST, "Content-Length: 5", "Transfer-Encoding: Chunked"))
    assert (both.chunked, both.length, both.closes) == (True, 0, True)
    assert "TRANSFER_ENCODING" not in both.fields


@pytest.mark.parametrize(
    ("version", "connection", "closes"),
    [
        ("1.1", None, False),
        ("1.1", "Keep-Alive, TE", False),
        ("1.1", "close", True),
        ("1.1", "TE, Close", True),
        ("1.2", None, False),
        ("1.0", None, True),
        ("1.0", "keep-alive", False),
        ("1.0", "keep-alive, close", True),
    ],
)
def test_the_connection_ends_when_it_was_asked_to(version: str, connection: str | None, closes: bool) -> None:
    fields = [f"Connection: {connection}"] if connection else []
    assert read_head(head(f"GET / HTTP/{version}", HOST, *fields)).closes is closes


def test_http_1_0_needs_no_host() -> None:
    assert read_head(head("GET / HTTP/1.0")).version == "1.0"


@pytest.mark.parametrize("host", ["a", "a.b:8000", "127.0.0.1", "[::1]:8000", "my_service", "a%2e", "A:"])
def test_a_host_may_be_any_name_or_address(host: str) -> None:
    assert read_head(head("GET / HTTP/1.1", f"Host: {host}")).fields["HOST"] == host


@pytest.mark.parametrize(
    ("target", "path"),
    [("http://b.example:80/x?y", "/x"), ("HTTPS://b.example:80?y", "/"), ("http://b.example:80", "/")],
)
def test_a_url_names_the_host_itself(target: str, path: str) -> None:
    read = read_head(head(f"GET {target} HTTP/1.1", HOST))
    assert (read.path, read.fields["HOST"]) == (path, "b.example:80")
    assert read.query == ("y" if "?" in target else "")


def test_options_may_ask_about_the_server_as_a_whole() -> None:
    assert read_head(head("OPTIONS * HTTP/1.1", HOST)).path == "*"


def test_a_name_with_an_underscore_does_not_pass_for_one_with_a_hyphen() -> None:
    read = read_head(head("GET / HTTP/1.1", HOST, "Content_Length: 5", "Transfer_Encoding: chunked", "X_Request_ID: a"))
    assert set(read.fields) == {"HOST"}


@given(st.binary(max_size=200))
def test_anything_is_read_or_refused(noise: bytes) -> None:
    for raw in (noise + b"\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n" + noise + b"\r\n\r\n"):
        with contextlib.suppress(Refused):
            assert read_head(raw).path
