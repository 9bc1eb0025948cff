"""Which server is asked, and what is said where it cannot be."""

from __future__ import annotations

import http.server
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
import trustme
from fakes import FakeServer

import canopy
from canopy._connection import Target, is_loopback, resolve
from canopy._faults import unavailable

TOKEN = "s3cr3t-t0k3n"


def test_the_address_comes_from_the_argument_or_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert resolve(None).address == "127.0.0.1:50051"
    monkeypatch.setenv("CANOPY_ADDR", "radar.example:443")
    assert resolve(None).address == "radar.example:443"
    assert resolve("[::1]:50051").address == "[::1]:50051"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://a:1", "address 'http://a:1' has a scheme: leave it out: write 127.0.0.1:50051"),
        ("localhost", "address 'localhost' has no port: write localhost:50051"),
        ("::1", "address '::1' has no port: write [::1]:50051"),
        ("[::1]", "address '[::1]' has no port: write [::1]:50051"),
        (":50051", "address ':50051' is not HOST:PORT: write 127.0.0.1:50051"),
        ("a:grpc", "address 'a:grpc' is not HOST:PORT"),
        ("a:99999", "address 'a:99999' is not HOST:PORT"),
        ("a:0", "address 'a:0' is not HOST:PORT"),
    ],
)
def test_addresses_refused(address: str, said: str) -> None:
    with pytest.raises(canopy.InvalidInput) as refused:
        canopy.connect(address)
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("127.0.0.1:1", True),
        ("127.9.9.9:1", True),
        ("[::1]:1", True),
        ("localhost:1", True),
        ("10.0.0.1:1", False),
        ("localhost.example:1", False),
        ("0.0.0.0:1", False),
    ],
)
def test_loopback(address: str, loopback: bool) -> None:
    assert is_loopback(address) == loopback


def test_tokens_go_over_tls_or_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ("authorization", f"Bearer {TOKEN}")
    assert wanted in resolve("127.0.0.1:1", token=TOKEN).metadata()
    assert wanted in resolve("radar.example:443", tls=True, token=TOKEN).metadata()
    monkeypatch.setenv("CANOPY_TOKEN", TOKEN)
    assert wanted in resolve("127.0.0.1:1").metadata()
    with pytest.raises(canopy.InvalidInput) as refused:
        resolve("radar.example:443")
    assert str(refused.value) == (
        "a token would go to radar.example:443 for all to read: give tls=True or ca_file"
    )


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "ñ", f"{TOKEN}\n"])
def test_tokens_refused_are_not_shown(token: str) -> None:
    with pytest.raises(canopy.InvalidInput, match="has characters that no token has") as refused:
        resolve("127.0.0.1:1", token=token)
    assert TOKEN not in str(refused.value)


def test_tokens_show_nowhere(fake: FakeServer) -> None:
    client = canopy.connect(fake.address, token=TOKEN)
    with pytest.raises(canopy.Unavailable) as failed, client:
        client.terrain()
    for text in (repr(client), repr(client._caller.target), str(failed.value)):
        assert TOKEN not in text
    assert fake.calls("GetTerrain")[0]["authorization"] == f"Bearer {TOKEN}"


def test_files_of_authorities(tmp_path: Path) -> None:
    with pytest.raises(canopy.InvalidInput, match="cannot be read: No such file"):
        canopy.connect("a:1", ca_file=tmp_path / "none.pem")
    (tmp_path / "bad.pem").write_text("nothing")
    with pytest.raises(canopy.InvalidInput, match="has no certificate: give a file in PEM"):
        canopy.connect("a:1", ca_file=tmp_path / "bad.pem")
    with pytest.raises(canopy.InvalidInput, match="ca_file does nothing without TLS"):
        canopy.connect("a:1", tls=False, ca_file=tmp_path / "bad.pem")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@contextmanager
def serving(authority: trustme.CA, name: str) -> Iterator[FakeServer]:
    """Serve over TLS, with a certificate for a name or an address."""
    certificate = authority.issue_cert(name)
    chain = b"".join(blob.bytes() for blob in certificate.cert_chain_pems)
    key = certificate.private_key_pem.bytes()
    with FakeServer(grpc.ssl_server_credentials([(key, chain)])) as server:
        yield server


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[FakeServer]:
    """Return a server that speaks TLS, under its address."""
    with serving(authority, "127.0.0.1") as server:
        yield server


def fails(address: str, tls: bool | None = None, ca_file: Path | None = None) -> str:
    with (
        canopy.connect(address, tls=tls, ca_file=ca_file) as client,
        pytest.raises(canopy.Unavailable) as failed,
    ):
        client.scenarios()
    assert failed.value.reason == "UNAVAILABLE"
    return str(failed.value)


def test_tls(secure: FakeServer, ca_file: Path) -> None:
    with canopy.connect(secure.address, ca_file=ca_file, token=TOKEN) as client:
        assert len(client.scenarios()) == 1
        assert repr(client) == f"<canopy.Client of {secure.address}, TLS>"


def test_tls_to_an_authority_that_is_not_known(secure: FakeServer) -> None:
    at = secure.address
    assert fails(at, tls=True) == (
        f"the certificate of {at} is not trusted here: "
        "give the file of its authority: ca_file='ca.pem'"
    )


def test_tls_to_another_name(authority: trustme.CA, ca_file: Path) -> None:
    with serving(authority, "radar.example") as server:
        assert fails(server.address, ca_file=ca_file) == (
            f"the certificate of {server.address} is for another name: "
            "connect by a name that is in the certificate"
        )


def test_tls_to_a_server_without(fake: FakeServer, ca_file: Path) -> None:
    assert fails(fake.address, ca_file=ca_file) == (
        f"what answers at {fake.address} does not speak TLS: "
        "leave tls and ca_file out, or check the port"
    )


def test_plain_to_a_server_with_tls(secure: FakeServer) -> None:
    assert fails(secure.address) == (
        f"the connection to {secure.address} was closed: "
        "has the server ended, or does it want tls=True?"
    )


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        at = f"127.0.0.1:{free.getsockname()[1]}"
    assert fails(at) == (
        f"no server answers at {at} (connection refused): "
        "start one with canopy serve, use canopy.local(), or check the address"
    )


def test_a_server_of_another_kind() -> None:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        at = f"127.0.0.1:{server.server_address[1]}"
        assert fails(at).startswith(f"what answers at {at} is not a gRPC server: is it the port")
        server.shutdown()


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ("DNS resolution failed for a:1: C-ares", "the host of a:1 is not known: check the"),
        ("errors resolving a:1: [field:hostname", "the host of a:1 is not known: check the"),
        ("Received http2 header with status: 404", "what answers at a:1 is not a gRPC server"),
        ("connection attempt timed out before", "a:1 does not answer: check the address and"),
        ("GOAWAY received", "the connection to a:1 was closed: has the server ended, or does"),
        ("draining: try later", "the server at a:1 is not available: draining: try later"),
    ],
)
def test_what_cannot_be_made_here(details: str, said: str) -> None:
    assert str(unavailable(details, Target("a:1"))).startswith(said)
    assert "tls=True" not in str(unavailable(details, Target("a:1", tls=True)))


def test_nothing_is_said_beside_the_error(fake: FakeServer, ca_file: Path) -> None:
    program = (
        "import canopy, sys\n"
        "try: canopy.connect(sys.argv[1], ca_file=sys.argv[2]).scenarios()\n"
        "except canopy.Unavailable: print('refused')\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, fake.address, ca_file],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (said.stdout, said.stderr) == ("refused\n", "")
