"""The HTTP server listens, answers and refuses as a phone needs it."""

import json
from urllib.request import urlopen

import pytest

from schediora.server.listening import CannotListen, PortInUse, listen
from schediora.server.waitress_server import Server
from tests.sockets import WAIT_SECONDS, Application, Running, Start, get, read_all, read_answer, read_headers

MALFORMED = (400, "malformed_request")
CHUNKED = get("/", "Transfer-Encoding: chunked", method="POST")


@pytest.fixture
def running(start: Start) -> Running:
    return start()


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        pytest.param(b"complete nonsense\r\n\r\n", *MALFORMED, id="no request line"),
        pytest.param(b"get / HTTP/1.1\r\n\r\n", *MALFORMED, id="method in lower case"),
        pytest.param(b"GET / HTTP/1.1\nHost: test\r\n\r\n", *MALFORMED, id="line feed without carriage return"),
        pytest.param(b"GET http://[ HTTP/1.1\r\n\r\n", *MALFORMED, id="URL that cannot be split"),
        pytest.param(get("/", "no colon"), *MALFORMED, id="header without a colon"),
        pytest.param(get("/", "Content-Length: many"), *MALFORMED, id="length that is no number"),
        pytest.param(get("/", "Content-Length: " + "9" * 5000), *MALFORMED, id="length of 5000 digits"),
        pytest.param(get("/", "Content-Length: 1", "Content-Length: 2"), *MALFORMED, id="two lengths"),
        pytest.param(CHUNKED + b"zz\r\n", *MALFORMED, id="chunk size that is no number"),
        pytest.param(CHUNKED + b"2\r\nabcdef\r\n", *MALFORMED, id="chunk longer than it says"),
        pytest.param(CHUNKED + b"1" * 20_000, *MALFORMED, id="chunk size without an end"),
        pytest.param(CHUNKED + b"0\r\nA: " + b"1" * 20_000, *MALFORMED, id="trailer without an end"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", *MALFORMED, id="no host"),
        pytest.param(get("/", "Host: test"), *MALFORMED, id="two hosts"),
        pytest.param(get("/", "X: a", " b"), *MALFORMED, id="folded line"),
        pytest.param(get("/", version="2.0"), 505, "malformed_request", id="another version"),
        pytest.param(get("/", "Transfer-Encoding: gzip"), 501, "malformed_request", id="unknown transfer coding"),
        pytest.param(get("/", "X: " + "x" * 40_000), 431, "malformed_request", id="headers too long"),
        pytest.param(get("/" + "x" * 40_000), 431, "malformed_request", id="address too long"),
        pytest.param(get("/raises"), 500, "internal_error", id="exception"),
        pytest.param(get("/raises-os-error"), 500, "internal_error", id="exception that looks like a lost connection"),
        pytest.param(
            get("/", "Expect: 100-continue", "Content-Length: 20000000", method="POST"),
            413,
            "body_too_large",
            id="body announced as too long",
        ),
    ],
)
def test_the_servers_own_refusals_are_problem_json(
    running: Running, request_bytes: bytes, status: int, code: str
) -> None:
    head, _, body = running.send(request_bytes).partition(b"\r\n\r\n")
    headers = head.decode().splitlines()
    problem = json.loads(body)

    assert headers[0].split()[1] == str(status)
    assert "Content-Type: application/problem+json" in headers
    assert f"X-Request-Id: {problem['request_id']}" in headers
    assert not [line for line in headers if line.startswith("Server:")]
    assert set(problem) == {"type", "title", "status", "detail", "code", "request_id"}
    assert (problem["status"], problem["code"]) == (status, code)
    assert 0 < len(problem["detail"]) <= 200
    assert problem["detail"].endswith(".")
    assert b"secret" not in body


def test_a_client_that_is_still_sending_too_much_reads_its_refusal(running: Running) -> None:
    request = get("/", "Content-Length: 30000000", method="POST") + bytes(30_000_000)
    assert b"body_too_large" in running.send(request)


def test_a_chunked_body_that_grows_too_long_is_refused(running: Running) -> None:
    chunk = b"100000\r\n" + bytes(0x100000) + b"\r\n"
    assert b"body_too_large" in running.send(CHUNKED + chunk * 20)


def test_a_refusal_keeps_the_clients_request_id(running: Running) -> None:
    assert (
        json.loads(running.send(get("/raises", "X-Request-ID: mine.1")).partition(b"\r\n\r\n")[2])["request_id"]
        == "mine.1"
    )


def test_bodies_that_the_application_takes_reach_it_whole(running: Running) -> None:
    request = get("/", "Content-Length: 65536", "Connection: close", method="POST") + b"x" * 65536
    assert running.send(request).endswith(b"hello " + b"x" * 65536)


def test_a_length_beside_chunks_ends_the_connection_after_the_answer(running: Running) -> None:
    request = get("/", "Content-Length: 5", "Transfer-Encoding: chunked", method="POST") + b"1\r\na\r\n0\r\n\r\n"
    answers = running.send(request + get("/smuggled"))
    assert answers.count(b"HTTP/1.1 ") == 1
    assert b"\r\nConnection: close\r\n" in answers
    assert answers.endswith(b"hello a")


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"GET a://" + b"x" * 32_000 + b" HTTP/9\r\n\r\n", id="request line"),
        pytest.param(get("/", "X:" + " " * 32_000 + "\x01"), id="white space before a value"),
        pytest.param(get("/", "X: a" + " " * 32_000 + "\x01"), id="white space after a value"),
        pytest.param(get("/", "X: " + "a " * 16_000 + "\x01"), id="white space inside a value"),
        pytest.param(CHUNKED + b"1;" + b'a="b";' * 600 + b"\x01\r\n", id="chunk extensions"),
    ],
)
def test_no_head_keeps_the_server_busy(running: Running, head: bytes) -> None:
    """Waitress's own patterns took 17 s and 43 s for the first two, and everybody waited."""
    assert running.send(head).startswith(b"HTTP/1.")


def test_head_answers_like_get_without_a_body_and_keeps_the_connection(running: Running) -> None:
    with running.connect() as connection:
        connection.sendall(get("/", method="HEAD"))
        assert b"Content-Length: 6\r\n" in read_headers(connection)
        connection.sendall(get("/"))
        assert read_answer(connection)[1] == b"hello "
        connection.sendall(get("/raises", method="HEAD"))
        refused = read_all(connection)
    assert refused.startswith(b"HTTP/1.1 500 ")
    assert refused.endswith(b"\r\n\r\n")


def test_an_answer_without_a_body_keeps_the_connection(running: Running) -> None:
    with running.connect() as connection:
        for path, first in (("/unchanged", b"HTTP/1.1 304 Not Modified"), ("/gone", b"HTTP/1.1 204 No Content")):
            for _ in range(2):
                connection.sendall(get(path))
                head = read_headers(connection)
                assert head.splitlines()[0] == first
                assert not any(name in head for name in (b"Connection", b"Content-Length", b"Transfer-Encoding"))
        connection.sendall(get("/unchanged", "Connection: close"))
        assert b"Connection: close\r\n" in read_all(connection)


def test_http_1_0_keeps_a_connection_only_when_asked_to_and_the_length_is_known(running: Running) -> None:
    with running.connect() as connection:
        for _ in range(2):
            connection.sendall(get("/", "Connection: keep-alive", version="1.0"))
            head, body = read_answer(connection)
            assert b"Connection: Keep-Alive\r\n" in head
            assert body == b"hello "
        connection.sendall(get("/unchanged", "Connection: keep-alive", version="1.0"))
        assert b"Connection: close\r\n" in read_all(connection)


def test_expect_100_continue_is_answered_before_the_body_and_ignored_without_one(running: Running) -> None:
    with running.connect() as connection:
        connection.sendall(get("/", "Expect: 100-continue", "Content-Length: 3", method="POST"))
        assert read_headers(connection) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"you")
        assert read_answer(connection)[1] == b"hello you"
        connection.sendall(get("/", "Expect: 100-continue"))
        assert read_answer(connection)[1] == b"hello "


def test_http_1_0_is_answered_and_closed(running: Running) -> None:
    answer = running.send(get("/", version="1.0"))
    assert answer.startswith(b"HTTP/1.0 200 OK")
    assert answer.endswith(b"hello ")


def test_pipelined_requests_are_answered_in_order(running: Running) -> None:
    first = get("/", "Content-Length: 1", method="POST") + b"1"
    second = get("/", "Content-Length: 1", "Connection: close", method="POST") + b"2"
    answers = running.send(first + second)
    assert answers.index(b"hello 1") < answers.index(b"hello 2")


def test_a_stalled_client_keeps_nobody_waiting(start: Start) -> None:
    running = start(threads=1)
    with running.connect() as stalled:
        stalled.sendall(get("/", "Content-Length: 9", method="POST") + b"half")
        assert running.send(get("/", "Connection: close")).endswith(b"hello ")


def test_forwarded_headers_reach_the_application_which_knows_whom_to_believe(running: Running) -> None:
    first, second = "X-Forwarded-For: 10.9.8.7", "X-Forwarded-For: 10.9.8.6"
    running.send(get("/", first, second, "X-Forwarded-Proto: https", "Forwarded: for=a", "Connection: close"))
    [environ] = running.app.environments
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ["wsgi.url_scheme"] == "http"
    assert environ["HTTP_X_FORWARDED_FOR"] == "10.9.8.7, 10.9.8.6"
    assert environ["HTTP_FORWARDED"] == "for=a"


def test_a_port_in_use_is_one_clear_sentence(running: Running) -> None:
    port = running.server.port
    with pytest.raises(PortInUse) as caught:
        Server(Application(), listening=listen("127.0.0.1", port), threads=1)
    expected = f"Port {port} on 127.0.0.1 is already in use; stop the other program or choose another with --port."
    assert str(caught.value) == expected


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_one_clear_sentence(host: str) -> None:
    with pytest.raises(CannotListen, match=f"^{host} is no address of this machine; choose another with --host.$"):
        Server(Application(), listening=listen(host, 0), threads=1)


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("localhost", "localhost"),
        ("::1", "[::1]"),
        ("::", "[::1]"),
    ],
)
def test_it_answers_on_every_address_that_it_listens_on(start: Start, host: str, asked: str) -> None:
    server = start(listening=listen(host, 0)).server
    with urlopen(f"http://{asked}:{server.port}", timeout=WAIT_SECONDS) as answer:
        assert answer.status == 200
