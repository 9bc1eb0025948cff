"""Which server, and how it is reached."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import grpc

from canopy.errors import InvalidInput

DEFAULT_ADDRESS = "127.0.0.1:50051"

# How long an answer may be, in bytes: what a server sends unless its operator
# says otherwise. Every call says so, as servers send 4 MiB to who does not.
MAX_ANSWER_BYTES = 64 << 20


@dataclass(frozen=True)
class Target:
    """A server and the way to it. Its token shows nowhere."""

    address: str
    tls: bool = False
    ca_certificates: bytes | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    def metadata(self) -> list[tuple[str, str]]:
        """Return what every call says beside its request."""
        said = [("canopy-max-answer-bytes", str(MAX_ANSWER_BYTES))]
        if self.token is not None:
            said.append(("authorization", f"Bearer {self.token}"))
        return said

    def channel(self) -> grpc.Channel:
        """Return a channel, which connects with its first call."""
        options: list[tuple[str, Any]] = [
            ("grpc.max_receive_message_length", MAX_ANSWER_BYTES),
            ("grpc.service_config", _service_config()),
            # A proxy that is set for the world knows no way to this machine.
            ("grpc.enable_http_proxy", int(not is_loopback(self.address))),
        ]
        if not self.tls:
            return grpc.insecure_channel(self.address, options=options)
        credentials = grpc.ssl_channel_credentials(self.ca_certificates)
        return grpc.secure_channel(self.address, credentials, options=options)


def resolve(
    address: str | None,
    *,
    tls: bool | None = None,
    ca_file: str | os.PathLike[str] | None = None,
    token: str | None = None,
) -> Target:
    """Return the target that arguments and environment name."""
    if address is None:
        address = os.environ.get("CANOPY_ADDR") or DEFAULT_ADDRESS
    _check_address(address)
    if tls is None:
        tls = ca_file is not None
    if ca_file is not None and not tls:
        raise InvalidInput("ca_file does nothing without TLS", remedy="leave it or tls=False out")
    if token is None:
        token = os.environ.get("CANOPY_TOKEN") or None
    if token is not None:
        _check_token(token, address, tls)
    return Target(address, tls, _read_ca(ca_file), token)


def is_loopback(address: str) -> bool:
    """Tell whether an address is on this machine."""
    host = address.rpartition(":")[0].strip("[]")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_address(address: str) -> None:
    if "://" in address:
        raise InvalidInput(
            f"address {address!r} has a scheme", remedy=f"leave it out: write {DEFAULT_ADDRESS}"
        )
    host, colon, port = address.rpartition(":")
    if not colon or (":" in host and not host.endswith("]")):
        bracketed = f"[{address}]" if colon and not address.endswith("]") else address
        raise InvalidInput(f"address {address!r} has no port", remedy=f"write {bracketed}:50051")
    if not host or not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise InvalidInput(
            f"address {address!r} is not HOST:PORT", remedy=f"write {DEFAULT_ADDRESS}"
        )


def _check_token(token: str, address: str, tls: bool) -> None:
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise InvalidInput(
            "the token has characters that no token has",
            remedy="give it as it was issued, without spaces and line breaks around it",
        )
    if not tls and not is_loopback(address):
        raise InvalidInput(
            f"a token would go to {address} for all to read", remedy="give tls=True or ca_file"
        )


def _read_ca(path: str | os.PathLike[str] | None) -> bytes | None:
    if path is None:
        return None
    try:
        certificates = Path(path).read_bytes()
    except OSError as error:
        raise InvalidInput(f"ca_file {path} cannot be read: {error.strerror}") from None
    if b"-----BEGIN CERTIFICATE-----" not in certificates:
        raise InvalidInput(f"ca_file {path} has no certificate", remedy="give a file in PEM")
    return certificates


def _service_config() -> str:
    return files("canopy").joinpath("service_config.json").read_text("utf-8")
