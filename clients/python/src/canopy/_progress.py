"""How far a call is, on a bar.

The bar is moved by the thread that waits for the answer; another one watches.
"""

from __future__ import annotations

import sys
import threading
import warnings
from typing import TYPE_CHECKING, Any

import grpc
from tqdm import TqdmWarning

with warnings.catch_warnings():
    # Notebooks without ipywidgets get the bar of terminals, which is no fault.
    warnings.simplefilter("ignore", TqdmWarning)
    from tqdm.auto import tqdm

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from canopy.v1.coverage_pb2 import WatchProgressResponse

# After so many seconds of work there is a bar, unless the caller wants it at once.
_DELAY_S = 1.0

_FORMAT = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}"


class Bar:
    """Shows a share between 0 and 1.

    ``wanted`` is None for a bar where the work lasts and somebody looks (a
    notebook or a terminal), True for one at once, False for none.
    """

    def __init__(self, wanted: bool | None, doing: str) -> None:
        shown = _somebody_looks() if wanted is None else wanted
        self._tqdm: Any = tqdm(
            total=1.0,
            desc=doing,
            bar_format=_FORMAT,
            delay=0 if wanted else _DELAY_S,
            # What is being done may change while the share does not.
            miniters=0,
            disable=not shown,
            leave=False,
        )
        self.shown = not self._tqdm.disable
        self._start, self._weight = 0.0, 1.0
        self._said = (0.0, doing)

    def part(self, start: float, weight: float) -> None:
        """Have further shares stand for a part of the whole, from start on."""
        self._start, self._weight = start, weight

    def say(self, share: float, doing: str = "") -> None:
        """Take note of a share, in any thread; show shows it."""
        within = min(max(share, 0.0), 1.0)
        self._said = (self._start + self._weight * within, doing or self._said[1])

    def show(self) -> None:
        """Move the bar to what was said last; it never falls."""
        share, doing = self._said
        self._tqdm.set_description_str(doing, refresh=False)
        self._tqdm.update(max(share - self._tqdm.n, 0.0))

    def __enter__(self) -> Bar:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self._tqdm.close()


def _somebody_looks() -> bool:
    """Tell whether this is a terminal or a notebook, whose output is no terminal."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return bool(sys.stderr and sys.stderr.isatty()) or hasattr(shell, "kernel")


class Watch:
    """Has a bar hear what the server says of a call.

    A watch is a courtesy: whatever goes wrong with it, the call goes on.
    """

    def __init__(self, stream: Iterable[WatchProgressResponse], bar: Bar) -> None:
        self._stream, self._bar, self._over = stream, bar, False
        threading.Thread(target=self._listen, name="canopy-progress", daemon=True).start()

    def _listen(self) -> None:
        try:
            for said in self._stream:
                if self._over:
                    return
                self._bar.say(said.share, said.doing)
        except (grpc.RpcError, ValueError):
            # ValueError is what a channel says that has just been closed.
            return

    def cancel(self) -> None:
        """Stop watching."""
        self._over = True
        self._stream.cancel()  # type: ignore[attr-defined]
