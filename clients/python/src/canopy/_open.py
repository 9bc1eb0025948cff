"""The two ways to a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canopy._connection import Target, resolve
from canopy._server import Server
from canopy._session import COMPUTE_TIMEOUT_S
from canopy.client import Client

if TYPE_CHECKING:
    import os


def connect(
    address: str | None = None,
    *,
    tls: bool | None = None,
    ca_file: str | os.PathLike[str] | None = None,
    token: str | None = None,
    timeout_s: float = COMPUTE_TIMEOUT_S,
) -> Client:
    """Return a client of a server that runs already.

    ``address`` is HOST:PORT: that of CANOPY_ADDR if not given, or else
    127.0.0.1:50051. The connection is made with the first question.

    ``tls`` encrypts it, for servers behind a proxy that does; ``ca_file`` is the
    certificate in PEM of an authority that this machine does not know by itself.
    ``token`` (or CANOPY_TOKEN) is sent with each question as a bearer token: over
    TLS, or to this machine alone. ``timeout_s`` is how long to wait for what is
    computed, where a question does not say.
    """
    target = resolve(address, tls=tls, ca_file=ca_file, token=token)
    return Client(target, timeout_s=timeout_s)


def local(
    *,
    terrain: str | os.PathLike[str] | None = None,
    binary: str | os.PathLike[str] | None = None,
    cache: str | os.PathLike[str] | None = None,
    start_timeout_s: float = 60.0,
    timeout_s: float = COMPUTE_TIMEOUT_S,
) -> Client:
    """Start a server on this machine, on a free port, and return a client of it.

    ``terrain`` is a store, a file or a folder of files; the built-in
    demonstration if not given. ``binary`` is the program ``canopy``: that of
    CANOPY_BINARY if not given, or else the one on the PATH. ``cache`` is a
    directory that keeps floor surfaces from one session to the next.
    ``timeout_s`` is how long to wait for what is computed, where a question does
    not say.

    The server ends with the client, and with this program, however that ends.
    """
    server = Server(binary=binary, terrain=terrain, cache=cache, start_timeout_s=start_timeout_s)
    return Client(Target(server.address), timeout_s=timeout_s, release=server.stop)
