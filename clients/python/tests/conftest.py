"""Servers for tests, real ones and one that does as it is told."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FakeServer
from pytest_socket import socket_allow_hosts

import canopy

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"


def pytest_runtest_setup() -> None:
    """Keep tests off the network, but for this machine."""
    socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("CANOPY_")]:
        if name != "CANOPY_BINARY":
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """Have Ctrl-C heard also where tests run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def binary() -> Path:
    """Return the program, which make build makes."""
    path = Path(os.environ.get("CANOPY_BINARY") or ROOT / "bin" / "canopy")
    assert path.is_file(), f"{path} is not there: run make build"
    return path


@pytest.fixture(scope="session")
def client(binary: Path) -> Iterator[canopy.Client]:
    """Return a client of a real server on the demonstration terrain."""
    with canopy.local(binary=binary) as found:
        yield found


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    """Return a server that answers as a test tells it to."""
    with FakeServer() as server:
        yield server


@pytest.fixture
def terrain() -> Path:
    """Return real terrain that is large enough to compute on for a while."""
    path = DATA / "peru_composite_15s_int16.tif"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    return path
