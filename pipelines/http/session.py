"""The one way that this project sends HTTP: what a session takes from the machine, and what it does not."""

import ssl
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import certifi
import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from pipelines.http.deadline import within_deadline
from pipelines.settings.addresses import is_loopback


def http_session() -> requests.Session:
    """A session of requests for one thread.

    It uses the proxies of the environment (HTTPS_PROXY, ALL_PROXY, NO_PROXY), but never for an address on this machine.
    It trusts the authorities of certifi and of this machine, and those in SSL_CERT_FILE, SSL_CERT_DIR,
    REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE. It gives up an answer that takes more than a minute. It never reads
    `~/.netrc`, whose entries would replace the bearer token.
    """
    session = _Session()
    session.mount("https://", _Adapter())
    session.hooks["response"].append(within_deadline)
    return session


def proxy_of(url: str) -> str:
    """The proxy through which an address is called, without user and password; empty when there is none."""
    proxies = {} if is_loopback(url) else get_environ_proxies(url)
    parts = urlsplit(proxies.get(urlsplit(url).scheme) or proxies.get("all") or "")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""


class _Session(requests.Session):
    """`trust_env` is on only while proxies and certificates are chosen: at other times requests would read ~/.netrc."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def merge_environment_settings(self, url: Any, *given: Any) -> Any:
        self.trust_env = True
        try:
            merged = super().merge_environment_settings(url, *given)
        finally:
            self.trust_env = False
        return merged | {"proxies": {}} if is_loopback(url) else merged


class _Adapter(HTTPAdapter):
    """Trusts the authorities of the machine beside those of certifi."""

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, pool | {"ssl_context": _trusted(str(verify), *ssl.get_default_verify_paths())}


@cache
def _trusted(bundle: str, *places: str | None) -> ssl.SSLContext:
    """The authorities of certifi, and those at OpenSSL's `places`, which SSL_CERT_FILE and SSL_CERT_DIR can change.

    urllib3 adds those of `bundle`, so each bundle has its own context.
    """
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context
