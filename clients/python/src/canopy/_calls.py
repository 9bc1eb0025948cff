"""How a call is made: its deadline, its progress, its end."""

from __future__ import annotations

import math
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import grpc

from canopy._faults import ARGUMENTS, Places, from_rpc
from canopy._progress import Bar, Watch
from canopy.errors import Cancelled, InvalidInput
from canopy.v1.coverage_pb2 import WatchProgressRequest
from canopy.v1.coverage_pb2_grpc import CoverageServiceStub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from canopy._connection import Target

# How often the bar is looked after, in seconds.
_TICK_S = 0.1

# What share of its time a call has had that may have been ended for being late.
_LATE = 0.9

T = TypeVar("T")
Result_co = TypeVar("Result_co", covariant=True)


class _Future(Protocol[Result_co]):
    """What grpc's futures and those of the library have in common."""

    def result(self) -> Result_co: ...
    def add_done_callback(self, fn: Callable[[Any], object], /) -> None: ...


@dataclass
class Terms:
    """On which terms one question is asked."""

    timeout_s: float
    places: Places = field(default_factory=Places)
    bar: Bar | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.timeout_s) and self.timeout_s > 0):
            raise InvalidInput(
                f"timeout_s {self.timeout_s:g} is not above 0", remedy="give seconds, such as 600"
            )
        self.places.names = {**ARGUMENTS, **self.places.names}

    def tick(self) -> None:
        """Show how far the call is."""
        if self.bar is not None:
            self.bar.show()


class Caller:
    """Makes calls over one channel and turns their failures into errors."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._channel: grpc.Channel | None = target.channel()

    @property
    def channel(self) -> grpc.Channel:
        """The channel, as long as it is open."""
        if self._channel is None:
            raise Cancelled("the client is closed", remedy="connect again")
        return self._channel

    def close(self) -> None:
        """Close the channel, and with it end what is under way."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()

    def unary(self, method: Callable[[grpc.Channel], Any], request: object, terms: Terms) -> Any:
        """Return the answer to a request.

        The request is a message, or bytes where it is already packed and the
        method takes them.
        """

        def start(**options: Any) -> Any:
            return method(self.channel).future(request, **options)

        def follow(call: Any) -> Any:
            with _ended(call):
                return _wait(call, terms.tick)

        return self._follow(start, terms, follow)

    def stream(
        self,
        method: Callable[[grpc.Channel], Any],
        request: object,
        terms: Terms,
        read: Callable[[Any], T],
    ) -> T:
        """Return what ``read`` makes of the messages of an answer."""

        def start(**options: Any) -> Any:
            return method(self.channel)(request, **options)

        def follow(call: Any) -> T:
            # The reader ends with the call, which is therefore ended first.
            with ThreadPoolExecutor(1, "canopy-read") as reader, _ended(call):
                return _wait(reader.submit(read, call), terms.tick)

        return self._follow(start, terms, follow)

    def _follow(
        self,
        start: Callable[..., Any],
        terms: Terms,
        follow: Callable[[Any], T],
    ) -> T:
        begun, metadata = time.monotonic(), self.target.metadata()
        watch = self._watch(terms, metadata)
        try:
            call = start(timeout=terms.timeout_s, metadata=metadata)
            return follow(call)
        except grpc.RpcError as error:
            late = time.monotonic() - begun > _LATE * terms.timeout_s
            raise from_rpc(error, self.target, terms.places, late) from None
        except grpc.FutureCancelledError:
            raise Cancelled("the call was cancelled") from None
        except ValueError:
            # Which is what a channel says that another thread has closed.
            if self._channel is not None:
                raise
            raise Cancelled("the client is closed", remedy="connect again") from None
        finally:
            if watch is not None:
                watch.cancel()

    def _watch(self, terms: Terms, metadata: list[tuple[str, str]]) -> Watch | None:
        """Watch the call that is about to come, and name it in its metadata."""
        if terms.bar is None or not terms.bar.shown:
            return None
        call_id = uuid.uuid4().hex
        stream = CoverageServiceStub(self.channel).WatchProgress(
            WatchProgressRequest(call_id=call_id), metadata=list(metadata), timeout=terms.timeout_s
        )
        metadata.append(("canopy-call-id", call_id))
        return Watch(stream, terms.bar)


@contextmanager
def _ended(call: Any) -> Iterator[None]:
    """Cancel a call that is not waited for to its end, as after Ctrl-C."""
    try:
        yield
    except BaseException:
        call.cancel()
        raise


def _wait(future: _Future[T], tick: Callable[[], None]) -> T:
    """Return the result, and move the bar meanwhile."""
    done = threading.Event()
    future.add_done_callback(lambda _: done.set())
    while not done.wait(_TICK_S):
        tick()
    return future.result()
