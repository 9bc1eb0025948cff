"""A real server that is encrypted, and knows its callers."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

import canopy


@pytest.fixture
def token(binary: Path, tmp_path: Path) -> str:
    """Return a token, whose line is in the file of tokens."""
    made = subprocess.run([binary, "token", "reader"], check=True, capture_output=True, text=True)
    (tmp_path / "tokens").write_text(made.stdout)
    return made.stderr.strip()


@pytest.fixture
def address(binary: Path, tmp_path: Path, token: str) -> Iterator[str]:
    """Return the address of the server."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    own = authority.issue_cert("127.0.0.1")
    own.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    own.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    serve = f"serve --address 127.0.0.1:0 --http-address off --operations {tmp_path}/operations"
    secured = (
        f"--tls-cert {tmp_path}/cert.pem --tls-key {tmp_path}/key.pem --tokens {tmp_path}/tokens"
    )
    process = subprocess.Popen(
        [binary, *serve.split(), *secured.split()], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = process.stderr.readline()
    found = re.search(r"serving on (\S+);", said)
    assert found, said
    yield found[1]
    process.terminate()
    log = process.communicate()[1]
    assert token not in log


def test_servers_of_ones_own_ask_for_nothing(binary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANOPY_TOKENS", "/nowhere")
    monkeypatch.setenv("CANOPY_TLS_CERT", "/nowhere")
    monkeypatch.setenv("CANOPY_OIDC_ISSUER", "nowhere")
    with canopy.local(binary=binary) as client:
        assert client.terrain()


def test_certificates_and_tokens(address: str, tmp_path: Path, token: str) -> None:
    ca_file = tmp_path / "ca.pem"
    with canopy.connect(address, ca_file=ca_file, token=token) as client:
        assert client.terrain()
        with pytest.raises(canopy.Unavailable, match="this needs the role compute") as refused:
            client.gaps(altitudes="FL100")
        assert refused.value.reason == "ROLE_TOO_LOW"
        assert str(refused.value).endswith(f" (request {refused.value.request_id})")
    for wrong, reason in (("canopy_ANOTHER", "TOKEN_UNKNOWN"), (None, "TOKEN_MISSING")):
        with (
            canopy.connect(address, ca_file=ca_file, token=wrong) as client,
            pytest.raises(canopy.Unavailable, match="give token=…, or set CANOPY_TOKEN") as refused,
        ):
            client.terrain()
        assert refused.value.reason == reason
