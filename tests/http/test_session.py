"""What an HTTP session takes from the machine: proxies and certificates, but no credentials and no loopback call."""

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests
import trustme

from pipelines.http.causes import no_answer, unusable
from pipelines.http.session import http_session, proxy_of
from pipelines.settings.addresses import is_loopback
from tests.simulators.loopback import HttpServer

PROXY_NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
TRUST_NAMES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(autouse=True)
def plain_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no certificates of the machine that the tests run on."""
    for name in (*PROXY_NAMES, *map(str.upper, PROXY_NAMES), *TRUST_NAMES):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def seen() -> list[tuple[str, dict[str, str]]]:
    return []


@pytest.fixture
def server(seen: list[tuple[str, dict[str, str]]]) -> Iterator[str]:
    """The address of a server that answers every request with `{}` and notes path and headers."""

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        seen.append((path, headers))
        return 200, "application/json", b"{}"

    with HttpServer(answer) as server:
        yield server.url


@pytest.mark.parametrize("entry", ["default", "machine 127.0.0.1"])
def test_an_entry_in_netrc_does_not_replace_our_authorization(
    server: str, seen: list[tuple[str, dict[str, str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    (tmp_path / ".netrc").write_text(f"{entry} login me password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    session = http_session()
    session.get(server, headers={"Authorization": "Bearer ours"}, timeout=5)
    session.get(server, timeout=5)
    assert [headers.get("authorization") for _, headers in seen] == ["Bearer ours", None]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_call_to_this_machine_never_goes_to_a_proxy_and_another_call_does(
    server: str, seen: list[tuple[str, dict[str, str]]], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, server)
    http_session().get(f"{server}/direct", timeout=5)
    http_session().get("http://elsewhere.example/page", timeout=5)
    assert [path for path, _ in seen] == ["/direct", "http://elsewhere.example/page"]


def test_no_proxy_is_respected(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@proxy.example:3128")
    assert proxy_of("https://api.example/v1") == "http://proxy.example:3128"
    monkeypatch.setenv("NO_PROXY", "api.example")
    assert proxy_of("https://api.example/v1") == ""


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://127.0.0.1:8974/callback", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:9000/x", True),
        ("http://localhost:9000", True),
        ("http://minio.localhost", True),
        ("https://api.spotify.com/v1", False),
        ("http://127.0.0.1.example", False),
        ("http://10.0.0.1", False),
    ],
)
def test_loopback_addresses_are_recognised(url: str, is_here: bool) -> None:
    assert is_loopback(url) is is_here


class _Quiet(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a TLS server, and a file with the private authority that signed its certificate."""
    made = trustme.CA()
    file = tmp_path_factory.mktemp("authority") / "company.pem"
    made.cert_pem.write_to_path(str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.issue_cert(str(ipaddress.ip_address("127.0.0.1"))).configure_cert(context)
    with HTTPServer(("127.0.0.1", 0), _Quiet) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"https://127.0.0.1:{server.server_port}", file
        server.shutdown()


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_private_authority_is_trusted_when_a_variable_names_its_file(
    authority: tuple[str, Path], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    url, file = authority
    monkeypatch.setenv(name, str(file))
    assert http_session().get(url, timeout=5).status_code == 200


def test_without_the_variable_the_message_names_the_certificate_and_the_variable(authority: tuple[str, Path]) -> None:
    message = failed(authority[0])
    assert "the certificate of 127.0.0.1" in message
    assert "is not trusted" in message
    assert "SSL_CERT_FILE" in message


def failed(url: str) -> str:
    """The message for a request that gets no answer."""
    with pytest.raises((OSError, ValueError)) as error:
        http_session().get(f"{url}?code=secret", timeout=0.3)
    message = no_answer(url, error.value)
    assert "secret" not in message
    return message


@pytest.mark.parametrize(
    ("environment", "url", "cause"),
    [
        ({}, "http://127.0.0.1:1", "no connection to 127.0.0.1:1 (connection refused)"),
        ({}, "https://nowhere.invalid", "the name nowhere.invalid is not known to the network (DNS)"),
        (
            {"HTTPS_PROXY": "http://me:secret@127.0.0.1:1"},
            "https://api.example",
            "the proxy http://127.0.0.1:1 gives no",
        ),
        ({"ALL_PROXY": "socks5h://127.0.0.1:1"}, "https://api.example", "the proxy socks5h://127.0.0.1:1 gives no"),
        ({"ALL_PROXY": "socks://127.0.0.1:1"}, "https://api.example", "the proxy socks://127.0.0.1:1 cannot be used"),
        ({"REQUESTS_CA_BUNDLE": "/none.pem"}, "https://127.0.0.1:1", "there are no certificates at /none.pem"),
    ],
)
def test_a_message_names_the_cause_that_was_seen(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, cause: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    message = failed(url)
    assert message.startswith(cause)
    assert "Premium" not in message


def test_a_server_that_is_silent_is_a_time_out() -> None:
    with HTTPServer(("127.0.0.1", 0), _Quiet) as silent:
        assert failed(f"http://127.0.0.1:{silent.server_port}").startswith(
            f"127.0.0.1:{silent.server_port} did not answer in time"
        )


def test_the_page_of_a_filter_is_named_as_a_web_page() -> None:
    answer = requests.Response()
    answer.status_code, answer.url = 403, "http://127.0.0.1:1/v1/me"
    answer._content = b"<html><head><title> Blocked by policy </title></head></html>"
    assert unusable(answer).startswith("127.0.0.1:1 answered 403 with a web page (Blocked by policy) instead of JSON")
