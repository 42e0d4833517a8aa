"""Why a request got no answer that this project can use, in words: the cause that was seen, and the next step."""

import re
import socket
import ssl
from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import urlsplit

import requests

from pipelines.http.session import proxy_of

E = TypeVar("E", bound=BaseException)
TRY_AGAIN = "check the network and run again"
TRUST = "where a company or a virus scanner opens TLS, set SSL_CERT_FILE to a file with its certificates"
# OpenSSL's numbers of the verification errors that come from a wrong clock more often than from a wrong certificate.
NOT_YET_VALID, EXPIRED = 9, 10
UNUSABLE_PROXY = (requests.exceptions.InvalidSchema, requests.exceptions.InvalidProxyURL, ValueError)
TITLE = re.compile(r"<title[^>]*>\s*([^<]{1,100})", re.IGNORECASE)


def no_answer(url: str, error: Exception) -> str:
    """Why a request failed before there was an answer. `error` is what requests raised.

    The text names the host and the proxy of the address, and nothing else of it.
    """
    host, proxy = urlsplit(url).netloc.rpartition("@")[2], proxy_of(url)
    chain = list(_chain(error))
    if certificate := _first(chain, ssl.SSLCertVerificationError):
        return _certificate(host, certificate)
    if proxy and isinstance(error, UNUSABLE_PROXY):
        return f"the proxy {proxy} cannot be used ({_last_words(error)}); correct HTTPS_PROXY or ALL_PROXY"
    if "CA certificate bundle" in str(error):
        return f"there are no certificates at {str(error).rpartition(': ')[2]}; correct REQUESTS_CA_BUNDLE"
    if proxy and (isinstance(error, requests.exceptions.ProxyError) or proxy.startswith("socks")):
        return f"the proxy {proxy} gives no connection to {host} ({_reason(chain)}); check HTTPS_PROXY and the proxy"
    through = f" through the proxy {proxy}" if proxy else ""
    if isinstance(error, requests.exceptions.Timeout) or _first(chain, TimeoutError):
        return f"{host} did not answer in time{through}; {TRY_AGAIN}"
    if _first(chain, socket.gaierror):
        return f"the name {host} is not known to the network (DNS); {TRY_AGAIN}"
    return f"no connection to {host}{through} ({_reason(chain)}); {TRY_AGAIN}"


def unusable(answer: requests.Response) -> str:
    """What an answer is that is not the JSON of the service, for instance the page of a proxy."""
    url = answer.url or ""
    host, proxy = urlsplit(url).netloc, proxy_of(url)
    title = TITLE.search(answer.text)
    page = f"a web page{f' ({title[1].strip()})' if title else ''}" if "<" in answer.text[:200] else "a text"
    sender = f"the proxy {proxy} may have sent it" if proxy else "a filter of the network may have sent it"
    return f"{host} answered {answer.status_code} with {page} instead of JSON; {sender}; {TRY_AGAIN}"


def _certificate(host: str, error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code in (NOT_YET_VALID, EXPIRED):
        return f"the certificate of {host} is not valid today ({error.verify_message}); check the clock of this machine"
    return f"the certificate of {host} is not trusted ({error.verify_message}); {TRUST}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and the errors behind it, the innermost last."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        error = error.__cause__ or error.__context__


def _first(chain: list[BaseException], kind: type[E]) -> E | None:
    return next((each for each in chain if isinstance(each, kind)), None)


def _reason(chain: list[BaseException]) -> str:
    """The words of the operating system or of the proxy."""
    found = next((each for each in chain if isinstance(each, OSError) and each.strerror), None)
    return found.strerror.lower() if found and found.strerror else _last_words(chain[-1])


def _last_words(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
