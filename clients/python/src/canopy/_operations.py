"""Plans that are searched for while nobody waits."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from google.longrunning import operations_pb2
from google.longrunning.operations_pb2_grpc import OperationsStub

from canopy import results
from canopy._calls import Terms
from canopy._faults import Places, from_status
from canopy._progress import Bar
from canopy._session import LIST_TIMEOUT_S, Session
from canopy.errors import InternalError, Unavailable
from canopy.results import _words
from canopy.results.operations import plan_metadata
from canopy.v1 import siting_pb2

if TYPE_CHECKING:
    from collections.abc import Sequence

# How long to wait before asking again how far an operation is: at first, and at
# most, in seconds.
_SOON_S = 0.05
_LATER_S = 0.5

# For so long a server may be out of reach while its operation is waited for.
_AWAY_S = 20.0

# As many operations as are asked for in one call.
_PAGE = 100


@dataclass(frozen=True)
class PlanProgress:
    """How far the search for a plan is.

    ``phase`` is waiting, candidates, screening, sweeping, searching, measuring or
    done; ``share`` that of the work which is done, 0 to 1. ``objective_km2`` is
    the best plan so far, and ``upper_bound_km2`` what none can exceed; None before
    they are known.
    """

    phase: str
    share: float
    doing: str
    candidate_count: int
    candidates_swept: int
    objective_km2: float | None
    upper_bound_km2: float | None

    @property
    def text(self) -> str:
        """What is being done, and how good the best plan is as far as known."""
        if self.objective_km2 is None or not self.upper_bound_km2:
            return self.doing
        short = max(self.upper_bound_km2 - self.objective_km2, 0.0)
        return f"{self.doing}, {_words.within(100 * short / self.upper_bound_km2)}"


class PlanOperation:
    """A plan that a server searches for, or has found.

    Nobody has to wait for it: ``client.operation(name)`` comes back to it, also
    from another program, and after the server was started anew where it keeps its
    operations.
    """

    def __init__(
        self,
        session: Session,
        message: operations_pb2.Operation,
        *,
        places: Places | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        self._session = session
        self._places = places or Places()
        self._notes = notes
        # What the server said last.
        self.message = message

    @property
    def name(self) -> str:
        """What the server calls it: operations/…."""
        return str(self.message.name)

    def done(self) -> bool:
        """Ask whether it is over."""
        return bool(self._ask().done)

    def progress(self) -> PlanProgress:
        """Ask how far it is."""
        self._ask()
        return self._progress()

    def cancel(self) -> None:
        """End the search; its result is the best plan so far."""
        self._send("CancelOperation", operations_pb2.CancelOperationRequest(name=self.name))

    def delete(self) -> None:
        """Have the server forget an operation that is over."""
        self._send("DeleteOperation", operations_pb2.DeleteOperationRequest(name=self.name))

    def result(self, *, progress: bool | None = None) -> results.Plan:
        """Wait for the plan, and return it.

        ``progress`` is a bar where it lasts (None), at once (True), never (False).
        Interrupting the cell ends the waiting, and not the search.
        """
        with Bar(progress, "planning") as bar:
            self._wait(bar)
        return self._plan()

    def __repr__(self) -> str:
        """Tell the name, and how far it was when the server was asked last."""
        state = "done" if self.message.done else f"{self._progress().share:.0%} done"
        return f"<canopy.PlanOperation {self.name}: {state}>"

    def _wait(self, bar: Bar) -> None:
        pause_s, heard = _SOON_S, time.monotonic()
        while not self.message.done:
            said = self._progress()
            bar.say(said.share, said.text)
            bar.show()
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, _LATER_S)
            try:
                self._ask()
                heard = time.monotonic()
            except Unavailable:
                if time.monotonic() - heard > _AWAY_S:
                    raise

    def _plan(self) -> results.Plan:
        if self.message.HasField("error"):
            raise from_status(self.message.error, self._terms().places)
        found = siting_pb2.PlanNetworkResponse()
        if not self.message.response.Unpack(found):
            raise InternalError(f"{self.name} holds no plan", remedy="ask the server's operator")
        request = self._metadata().request
        outline = self._session._outline(
            request.airspace if request.HasField("airspace") else None,
            request.existing.scenario_id or None,
        )
        return results.Plan(found, self._notes, outline=outline)

    def _progress(self) -> PlanProgress:
        said = self._metadata()
        return PlanProgress(
            phase=_words.phase_word(said.phase),
            share=said.share,
            doing=said.doing or "planning",
            candidate_count=said.candidate_count,
            candidates_swept=said.candidates_swept,
            objective_km2=said.objective_km2 if said.HasField("objective_km2") else None,
            upper_bound_km2=said.upper_bound_km2 if said.HasField("upper_bound_km2") else None,
        )

    def _metadata(self) -> siting_pb2.PlanNetworkMetadata:
        return plan_metadata(self.message)

    def _ask(self) -> operations_pb2.Operation:
        if not self.message.done:
            request = operations_pb2.GetOperationRequest(name=self.name)
            self.message = self._send("GetOperation", request)
        return self.message

    def _send(self, name: str, request: Any) -> Any:
        return self._session._call(OperationsStub, name, request, self._terms())

    def _terms(self) -> Terms:
        return Terms(LIST_TIMEOUT_S, self._places)


def follow(operation: PlanOperation, progress: bool | None) -> results.Plan:
    """Wait for a plan; interrupted, have the search end, and return the best so far."""
    with Bar(progress, "planning") as bar:
        try:
            operation._wait(bar)
        except KeyboardInterrupt:
            operation.cancel()
            operation._wait(bar)
    return operation._plan()


def all_operations(session: Session) -> list[operations_pb2.Operation]:
    """Return what a server keeps, the newest first."""
    listed: list[operations_pb2.Operation] = []
    token = ""
    while True:
        request = operations_pb2.ListOperationsRequest(
            name="operations", page_size=_PAGE, page_token=token
        )
        page = session._call(OperationsStub, "ListOperations", request)
        listed.extend(page.operations)
        token = page.next_page_token
        if not token:
            return listed
