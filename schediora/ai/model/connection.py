"""The way to a model server: a client that tells it no more than it must, and a call that ends in time.

The client's own timeout is per read, so a server that trickles could hold a job for ever. Each call therefore runs in
an event loop of its own, which is cancelled, and its connection closed, when the time is up.
"""

import asyncio
import os
import re
import ssl
from collections.abc import AsyncIterator, Coroutine
from contextlib import aclosing
from email.utils import parsedate_to_datetime
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

from schediora.ai.model.failures import FailureCode, ProviderError
from schediora.ai.model.said import BYTES_READ, own_words
from schediora.ai.model.stream import TooLong

if TYPE_CHECKING:
    from httpx2 import Response
    from openai import AsyncOpenAI

_T = TypeVar("_T")

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "none"
"""Local servers want no key, but the client refuses to be made without one; it is never sent."""
CONNECT_SECONDS = 5.0
_RETRY_AFTER_LENGTH = 64
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",  # a compressed answer could grow beyond any bound
    "Content-Type": "application/json",
    "User-Agent": "Schediora",
}


Client: TypeAlias = "AsyncOpenAI"


class Refused(Exception):
    """The server answered with something other than success."""

    def __init__(self, response: "Response", body: bytes) -> None:
        super().__init__(response.status_code)
        self.status: int = response.status_code
        self.headers = response.headers
        self.body = body

    @property
    def said(self) -> str:
        """Return the body as it is, for what it may name."""
        return self.body.decode("utf-8", "replace")


def client_of(base_url: str, api_key: str | None, seconds: float) -> Client:
    """Return a client of the server at `base_url`, which raises Refused for anything but success."""
    # Importing it costs up to a second, which only those who use a model should pay.
    import openai

    # Certificates are checked whatever the address looks like, and redirects are not followed: they could carry a
    # student's words to a server that nobody chose. No proxy of the environment can reach this machine itself.
    http_client = openai.DefaultAsyncHttpxClient(
        follow_redirects=False,
        verify=_trust(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
        mounts=_no_proxy(base_url),
        event_hooks={"response": [_refuse_failures]},
    )

    class QuietClient(openai.AsyncOpenAI):
        """The client without the headers that it finds in the environment, which were meant for OpenAI."""

        @property
        def default_headers(self) -> dict[str, str | openai.Omit]:
            """Return ours instead of `OPENAI_ORG_ID`, `OPENAI_PROJECT_ID` and `OPENAI_CUSTOM_HEADERS`."""
            return {**_HEADERS}

    return QuietClient(
        api_key=api_key or NO_KEY,
        base_url=base_url,
        max_retries=0,
        timeout=openai.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS)),
        http_client=http_client,
    )


@cache
def _trust(file: str | None, directory: str | None) -> ssl.SSLContext:
    """Return whom a client trusts whose environment names these certificates: reading them takes longer than all else
    that a call costs us, so each client has the same.
    """
    import httpx2

    return httpx2.create_ssl_context()


def without_key(api_key: str | None) -> dict[str, Any]:
    """Return the option of a call that keeps the made-up key from being sent; none with a key."""
    import openai

    return {} if api_key else {"extra_headers": {"Authorization": openai.omit}}


async def first_bytes(chunks: AsyncIterator[bytes], most: int) -> bytes:
    """Return the first `most` bytes of a body, or all where it has fewer; nothing beyond is read."""
    body = bytearray()
    async with aclosing(chunks) as reading:  # type: ignore[type-var]  # both clients' iterators are generators
        async for chunk in reading:
            body += chunk
            if len(body) >= most:
                break
    return bytes(body[:most])


def within(seconds: float, work: Coroutine[Any, Any, _T]) -> _T:
    """Return what `work` returns; raise ProviderError after `seconds` on the wall clock, whatever it is waiting for."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(asyncio.wait_for(work, seconds))
    except TimeoutError:
        raise ProviderError(FailureCode.TIMEOUT) from None
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def host_of(url: str) -> str:
    """Return the host and port of `url`, without anything that could be secret."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def failure_of(refused: Refused) -> ProviderError:
    """Return what a refusal means."""
    status = refused.status
    code = FailureCode.ERROR
    if status in {401, 403}:
        code = FailureCode.UNAUTHORIZED
    elif status == 429:
        code = FailureCode.RATE_LIMITED
    elif status in {408, 504}:
        code = FailureCode.TIMEOUT
    worth_waiting = code in {FailureCode.RATE_LIMITED, FailureCode.ERROR}
    seconds = _seconds(refused.headers.get("retry-after"), refused.headers.get("date")) if worth_waiting else None
    return ProviderError(code, retry_after=seconds, status=status, said=own_words(refused.body))


def failure_named(error: Exception) -> ProviderError:
    """Return what an error of a call means."""
    import openai

    if isinstance(error, ProviderError):
        return error
    if isinstance(error, Refused):
        return failure_of(error)
    if isinstance(error, TooLong):
        return ProviderError(FailureCode.BAD_ANSWER, said="an answer beyond every bound")
    if isinstance(error, openai.APITimeoutError):
        return ProviderError(FailureCode.TIMEOUT)
    if isinstance(error, openai.APIConnectionError):
        return ProviderError(FailureCode.UNREACHABLE, said=str(error.__cause__ or error))
    # An address that cannot be one, or a connection cut in mid-answer, which the client lets through unnamed.
    return ProviderError(FailureCode.ERROR, said=f"{type(error).__name__}: {error}")


async def _refuse_failures(response: "Response") -> None:
    """Raise Refused for anything but success; the client itself would read such a body however long it is."""
    if not response.is_success:
        raise Refused(response, await first_bytes(response.aiter_bytes(), BYTES_READ))


def _no_proxy(url: str) -> dict[str, None]:
    """Return the client's rule that keeps proxies out of the way to this machine; none for another."""
    host = urlsplit(url).hostname or ""
    try:
        local = ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost" or host.endswith(".localhost")
    if not local:
        return {}
    return {f"all://[{host}]" if ":" in host else f"all://{host}": None}


def _seconds(retry_after: str | None, date: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3); a date counts from the server's own."""
    if retry_after is None or len(retry_after) > _RETRY_AFTER_LENGTH:
        return None
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", retry_after):
        return float(retry_after)
    try:
        sent = parsedate_to_datetime((date or "")[:_RETRY_AFTER_LENGTH])
        return max(0.0, (parsedate_to_datetime(retry_after) - sent).total_seconds())
    except (ValueError, TypeError):
        return None
