"""A server of one's own: how it starts, and that it always ends."""

from __future__ import annotations

import gc
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from fakes import Terminal

import canopy
from canopy._server import Server, find_binary


def ended(process_id: int, within_s: float = 10) -> bool:
    """Tell whether a process ends, or has ended."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def servers_of(parent_id: int) -> list[int]:
    """Return the children of a process, whichever of its threads started them."""
    threads = Path(f"/proc/{parent_id}/task").glob("*/children")
    return [int(text) for thread in threads for text in thread.read_text().split()]


def start(binary: Path) -> Server:
    return Server(binary=binary, terrain=None, cache=None, start_timeout_s=30)


def test_it_answers_and_ends_with_its_client(binary: Path) -> None:
    before = set(servers_of(os.getpid()))
    with canopy.local(binary=binary) as client:
        (server,) = set(servers_of(os.getpid())) - before
        assert client.terrain().message.terrain.demonstration
        assert client.address.startswith("127.0.0.1:")
    assert ended(server, 0.1), "close waits for the end"
    client.close()


def test_it_ends_when_its_client_is_thrown_away(binary: Path) -> None:
    before = set(servers_of(os.getpid()))
    client = canopy.local(binary=binary)
    (server,) = set(servers_of(os.getpid())) - before
    del client
    gc.collect()
    assert ended(server)


PROGRAM = """
import os, sys, time
import canopy
client = canopy.local(binary=sys.argv[1])
print(os.getpid(), flush=True)
if sys.argv[2] == "wait":
    time.sleep(60)
"""


@pytest.mark.parametrize(
    ("then", "stop"),
    [("end", None), ("wait", signal.SIGTERM), ("wait", signal.SIGKILL)],
    ids=["at its end", "terminated", "killed"],
)
def test_it_ends_with_the_program(binary: Path, then: str, stop: signal.Signals | None) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(binary), then], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        parent = int(program.stdout.readline())
        servers = servers_of(parent)
        if stop is not None:
            assert len(servers) == 1
            program.send_signal(stop)
        program.wait(20)
    assert all(ended(server) for server in servers)


def test_an_interruption_of_the_whole_group_spares_it(binary: Path) -> None:
    server = start(binary)
    try:
        assert os.getpgid(server._process.pid) != os.getpgid(os.getpid())
    finally:
        server.stop()


def test_an_interrupted_question_stops_the_work(
    binary: Path, terrain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that has room for one question has it again after Ctrl-C."""
    monkeypatch.setenv("CANOPY_MAX_CONCURRENT", "1")
    monkeypatch.setenv("CANOPY_MAX_WAITING", "-1")
    sites = [
        {"name": f"R{i}", "lat": -17 + 0.75 * (i % 20), "lon": -80 + i // 20} for i in range(200)
    ]
    with canopy.local(binary=binary, terrain=terrain) as client:
        busy = threading.Event()

        def press() -> None:
            time.sleep(0.5)
            with pytest.raises(canopy.Busy):
                client.gaps(sites=sites[:1], resolution_arcsec=15, range_km=400)
            busy.set()
            os.kill(os.getpid(), signal.SIGINT)

        thread = threading.Thread(target=press, daemon=True)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            client.gaps(sites=sites, resolution_arcsec=15, range_km=400)
        assert busy.is_set()
        thread.join()
        assert free_again(client, sites[:1])


def free_again(client: canopy.Client, sites: object) -> bool:
    """Tell whether a question that is not cheap finds room within two seconds."""
    until = time.monotonic() + 2
    while time.monotonic() < until:
        try:
            client.gaps(sites=sites, resolution_arcsec=60, range_km=400)
        except canopy.Busy:
            time.sleep(0.02)
        else:
            return True
    return False


def test_what_the_program_says_of_bad_terrain(binary: Path, tmp_path: Path) -> None:
    with pytest.raises(canopy.ServerNotStarted) as failed:
        canopy.local(binary=binary, terrain=tmp_path / "none")
    said = subprocess.run(
        [binary, "serve", "--terrain", tmp_path / "none"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"canopy: {failed.value}\n" == said.stderr


def test_a_cache_is_kept(binary: Path, tmp_path: Path) -> None:
    with canopy.local(binary=binary, cache=tmp_path / "kept") as client:
        client.gaps(altitudes="FL100")
    assert any((tmp_path / "kept").iterdir())


def script(folder: Path, text: str) -> Path:
    path = folder / "canopy"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_programs_that_do_not_serve(tmp_path: Path) -> None:
    with pytest.raises(canopy.ServerNotStarted, match="ended and said nothing"):
        canopy.local(binary=script(tmp_path, "exit 3"))
    with pytest.raises(canopy.ServerNotStarted, match="one\ntwo"):
        canopy.local(binary=script(tmp_path, "echo one >&2; echo two >&2"))
    begun = time.monotonic()
    with pytest.raises(canopy.ServerNotStarted, match=r"did not listen within 0\.2 s"):
        canopy.local(binary=script(tmp_path, "exec sleep 30"), start_timeout_s=0.2)
    assert time.monotonic() - begun < 5


def test_a_server_that_does_not_want_to_end_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canopy._server._STOP_TIMEOUT_S", 0.2)
    stubborn = (
        "trap '' TERM; echo 'canopy: serving on 127.0.0.1:1; x' >&2; while :; do sleep 0.1; done"
    )
    server = start(script(tmp_path, stubborn))
    assert server.address == "127.0.0.1:1"
    server.stop()
    assert server._process.returncode == -signal.SIGKILL


def test_where_the_program_is_found(
    binary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CANOPY_BINARY", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(canopy.ServerNotStarted, match="is not on the PATH: make build in a clone"):
        find_binary(None)
    on_path = script(tmp_path, "exit")
    assert find_binary(None) == str(on_path)
    monkeypatch.setenv("CANOPY_BINARY", str(binary))
    assert find_binary(None) == str(binary.resolve())
    assert find_binary(on_path) == str(on_path)
    with pytest.raises(canopy.ServerNotStarted, match=r"binary /nowhere is not there: name"):
        find_binary("/nowhere")
    on_path.chmod(0o644)
    monkeypatch.setenv("CANOPY_BINARY", str(on_path))
    with pytest.raises(canopy.ServerNotStarted, match=r"CANOPY_BINARY .* cannot be run: name"):
        find_binary(None)


def test_programs_of_another_machine(tmp_path: Path) -> None:
    path = tmp_path / "canopy"
    path.write_bytes(b"\x7fELF nothing")
    path.chmod(0o755)
    with pytest.raises(canopy.ServerNotStarted, match="cannot be run: Exec format error"):
        canopy.local(binary=path)


def test_a_real_server_tells_how_far_it_is(
    binary: Path, terrain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites = [{"name": f"R{i}", "lat": -15 + i / 4, "lon": -75} for i in range(60)]
    with canopy.local(binary=binary, terrain=terrain) as client:
        for k, ask in ((1.2, client.gaps), (1.4, client.floor)):
            screen = Terminal()
            monkeypatch.setattr("sys.stderr", screen)
            ask(sites=sites, range_km=400, effective_earth_k=k, progress=True)
            shares = {int(share) for share in re.findall(r"(\d+)%", screen.getvalue())}
            assert any(0 < share < 100 for share in shares), ask.__name__
