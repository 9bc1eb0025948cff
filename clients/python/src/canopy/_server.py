"""A server of one's own, as a process beside this one."""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import threading
from collections import deque
from pathlib import Path
from typing import IO

from canopy.errors import ServerNotStarted

_SERVING = re.compile(r"canopy: serving on (\S+);")

# How long a server may take to end before it is killed; it gives open calls
# five seconds.
_STOP_TIMEOUT_S = 10.0

# How many of its last lines are kept for the case that it ends.
_LINES = 50


class Server:
    """The program ``canopy serve``, which listens when this has been made.

    The server reads its standard input, a pipe that nobody writes to, and ends
    when that is closed: also if this process is killed and can end nothing. It
    has a process group of its own, as notebooks interrupt a cell by a signal to
    the whole group of the kernel.
    """

    def __init__(
        self,
        *,
        binary: str | os.PathLike[str] | None,
        terrain: str | os.PathLike[str] | None,
        cache: str | os.PathLike[str] | None,
        start_timeout_s: float,
    ) -> None:
        command = [find_binary(binary), "serve", "--address", "127.0.0.1:0"]
        for flag, value in (("--terrain", terrain), ("--cache", cache)):
            if value is not None:
                command += [flag, os.path.expanduser(value)]
        # Older programs do not know these, and pass over them in the environment.
        known = {
            "CANOPY_HTTP_ADDRESS": "off",
            "CANOPY_UNTIL_EOF": "true",
            "CANOPY_OPERATIONS": "off",  # plans are this process's own, and end with it
        } | {
            # This process alone is let in, by the address, and shows no certificate.
            f"CANOPY_{name}": ""
            for name in (
                "TLS_CERT",
                "TLS_KEY",
                "TLS_CLIENT_CA",
                "TOKENS",
                "OIDC_ISSUER",
                "OIDC_AUDIENCE",
            )
        }
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=os.environ | known,
                start_new_session=True,
                text=True,
                errors="replace",
            )
        except OSError as error:
            raise ServerNotStarted(f"{command[0]} cannot be run: {error.strerror}") from None
        self.address = self._listen(start_timeout_s)

    def _listen(self, timeout_s: float) -> str:
        """Return the address that the server says it serves on."""
        lines: deque[str] = deque(maxlen=_LINES)
        found: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(
            target=_read,
            args=(self._process.stderr, lines, found),
            name="canopy-server",
            daemon=True,
        ).start()
        try:
            address = found.get(timeout=timeout_s)
        except queue.Empty:
            self.stop()
            raise ServerNotStarted(
                f"canopy serve did not listen within {timeout_s:g} s",
                remedy="allow more with start_timeout_s",
            ) from None
        except BaseException:
            self.stop()
            raise
        if address is None:
            self.stop()
            raise ServerNotStarted(_last_words(lines) or "canopy serve ended and said nothing")
        return address

    def stop(self) -> None:
        """End the server."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.terminate()
        try:
            self._process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def find_binary(binary: str | os.PathLike[str] | None) -> str:
    """Return the path of the program, which an argument or the environment names."""
    named = binary if binary is not None else os.environ.get("CANOPY_BINARY")
    if not named:
        on_path = shutil.which("canopy")
        if on_path is None:
            raise ServerNotStarted(
                "the program canopy is not on the PATH",
                remedy="make build in a clone of Canopy makes bin/canopy: "
                "name it by binary=… or CANOPY_BINARY",
            )
        return on_path
    path = Path(named).expanduser()
    found = shutil.which(str(path.resolve() if path.exists() else path))
    if found is None:
        what = "cannot be run" if path.exists() else "is not there"
        source = "binary" if binary is not None else "CANOPY_BINARY"
        raise ServerNotStarted(f"{source} {named} {what}", remedy="name the program canopy")
    return found


def _read(stream: IO[str], lines: deque[str], found: queue.SimpleQueue[str | None]) -> None:
    """Read what the server says to its end, so that it can go on saying it."""
    with stream:
        for line in stream:
            lines.append(line.rstrip("\n"))
            serving = _SERVING.search(line)
            if serving:
                found.put(serving[1])
    found.put(None)


def _last_words(lines: deque[str]) -> str:
    """Return what the program said as it ended, without its name."""
    said = [line.removeprefix("canopy: ") for line in lines if line.startswith("canopy: ")]
    return said[-1] if said else "\n".join(lines)
