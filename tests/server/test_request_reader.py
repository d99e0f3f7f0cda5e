"""A request is the same however its bytes arrive, and takes no more than its limits."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schediora.server.request_head import Head
from schediora.server.request_reader import Limits, RequestReader

GET = b"GET /a HTTP/1.1\r\nHost: test\r\n\r\n"
MEASURED = b"POST /b HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED_HEAD = b"POST /c HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKS = b'3\r\nhel\r\n00002;name="a b";flag \r\nlo\r\n0\r\nTrailer: ignored\r\n\r\n'


def read(stream: bytes, cuts: list[int] | None = None, limits: Limits | None = None) -> list[RequestReader]:
    """Return the requests in `stream`, which arrives in packets that end at `cuts`."""
    requests = []
    request = RequestReader(limits or Limits())
    edges = [0, *sorted(cuts or []), len(stream)]
    for packet in (stream[begin:end] for begin, end in itertools.pairwise(edges)):
        at = 0
        while at < len(packet):
            at += request.received(packet[at:])
            if request.completed:
                requests.append(request)
                request = RequestReader(limits or Limits())
    return [request for request in requests if not request.empty]


def chunks(*sizes: int) -> bytes:
    return CHUNKED_HEAD + b"".join(b"%x\r\n%s\r\n" % (size, bytes(size)) for size in sizes) + b"0\r\n\r\n"


@given(st.lists(st.integers(0, len(GET + MEASURED + CHUNKED_HEAD + CHUNKS) + 4), max_size=12))
def test_requests_are_the_same_however_they_arrive(cuts: list[int]) -> None:
    stream = GET + b"\r\n" + MEASURED + b"\r\n" + CHUNKED_HEAD + CHUNKS + GET
    found = read(stream, [min(cut, len(stream)) for cut in cuts])
    assert [(request.path, request.error, request.get_body_stream().read()) for request in found] == [
        ("/a", None, b""),
        ("/b", None, b"hello"),
        ("/c", None, b"hello"),
        ("/a", None, b""),
    ]
    assert found[2].headers["CONTENT_LENGTH"] == "5"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"zz\r\n", id="size that is no number"),
        pytest.param(b"-1\r\n", id="negative size"),
        pytest.param(b"+1\r\n", id="size with a sign"),
        pytest.param(b"0x1\r\n", id="size with a prefix"),
        pytest.param(b"1_0\r\n", id="size with an underscore"),
        pytest.param(b"\r\n", id="no size"),
        pytest.param(b";a\r\n", id="extension without a size"),
        pytest.param(b"1" * 17 + b"\r\n", id="size of 17 digits"),
        pytest.param(b"1\n", id="size that ends with a line feed alone"),
        pytest.param(b"1\ra\r\n", id="carriage return in a size"),
        pytest.param(b"1;a\nb\r\n", id="line feed in an extension"),
        pytest.param(b"1;a\0\r\n", id="NUL in an extension"),
        pytest.param(b"2\r\nabc\r\n", id="chunk longer than it says"),
        pytest.param(b"2\r\nab\n", id="chunk that ends with a line feed alone"),
        pytest.param(b"2\r\nab0\r\n\r\n", id="chunk without an end"),
        pytest.param(b"0\r\nA: b\n\r\n", id="trailer that ends with a line feed alone"),
        pytest.param(b"0\r\nA: \0\r\n", id="NUL in a trailer"),
        pytest.param(b"1;" + b"a" * 5000, id="header without an end"),
        pytest.param(b"0\r\nA: " + b"a" * 5000, id="trailer without an end"),
    ],
)
def test_broken_chunks_are_malformed(body: bytes) -> None:
    for cuts in ([], [len(CHUNKED_HEAD) + at for at in range(min(len(body), 40))]):
        [request] = read(CHUNKED_HEAD + body, cuts)
        assert request.error is not None
        assert request.error.code == 400


def test_a_line_feed_alone_is_refused_before_the_head_has_ended() -> None:
    [request] = read(b"GET / HTTP/1.1\nHost: test\n\n")
    assert request.error is not None
    assert request.error.code == 400


@pytest.mark.parametrize("length", [64 * 1024, 64 * 1024 + 1, 256 * 1024])
@pytest.mark.parametrize("chunked", [False, True])
def test_no_more_of_a_body_is_kept_than_tells_that_it_is_too_long(length: int, chunked: bool) -> None:
    body = b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n%s" % (length, bytes(length))
    [request] = read(chunks(length - 1000, 1000) if chunked else body, list(range(0, length, 8192)))
    assert request.error is None
    assert request.headers["CONTENT_LENGTH"] == str(length)
    assert len(request.get_body_stream().read()) == min(length, 64 * 1024 + 1)


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 262145\r\n\r\n", id="announced"),
        pytest.param(CHUNKED_HEAD + b"40001\r\n", id="announced by a chunk"),
        pytest.param(CHUNKED_HEAD + b"f" * 16 + b"\r\n", id="announced by a chunk of 16 digits"),
        pytest.param(chunks(262144, 1), id="grown by chunks"),
        pytest.param(CHUNKED_HEAD + b"1;%s\r\na\r\n" % (b"x" * 4000) * 70, id="hardly anything but extensions"),
        pytest.param(
            CHUNKED_HEAD + b"0\r\n" + (b"A: " + b"x" * 4000 + b"\r\n") * 70, id="hardly anything but trailers"
        ),
    ],
)
def test_more_than_256_kib_are_too_many(request_bytes: bytes) -> None:
    request = read(request_bytes)[0]
    assert request.error is not None
    assert request.error.code == 413


def test_an_operation_may_take_more_from_whoever_is_known() -> None:
    asked: list[Head] = []

    def larger(head: Head) -> int:
        asked.append(head)
        return 1024 * 1024 if head.fields.get("AUTHORIZATION") == "Bearer good" else 0

    def post(body: bytes, *, token: bool = True) -> RequestReader:
        known = b"POST /c HTTP/1.1\r\nAuthorization: Bearer good\r\n" if token else b"POST /c HTTP/1.1\r\n"
        stream = body.replace(b"POST /c HTTP/1.1\r\n", known)
        return read(stream, list(range(0, len(stream), 8192)), limits)[0]

    limits = Limits(larger_body=larger)
    whole = post(chunks(*[65536] * 16))
    assert whole.error is None
    assert len(whole.get_body_stream().read()) == 1024 * 1024
    assert [head.path for head in asked] == ["/c"]
    announced = b"POST /c HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\n" + bytes(100_000)
    assert len(post(announced).get_body_stream().read()) == 100_000
    for refused in (post(chunks(1024 * 1024, 1)), post(chunks(*[65536] * 16), token=False)):
        assert refused.error is not None
        assert refused.error.code == 413
    asked.clear()
    read(MEASURED + chunks(65536 - 8192), None, limits)
    assert asked == []
