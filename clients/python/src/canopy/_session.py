"""What a client is before it asks anything: a connection with an end."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, TypeVar

from canopy._calls import Caller, Terms
from canopy._inputs.quantities import check_numbers
from canopy._questions import Asked, Network, Options, Question
from canopy.errors import CanopyError
from canopy.v1 import catalog_pb2, catalog_pb2_grpc, geometry_pb2

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    import grpc

    from canopy._connection import Target
    from canopy.v1.coverage_pb2 import AirspaceSelection

# How long to wait by default: for what is computed, and for what is listed.
COMPUTE_TIMEOUT_S = 600.0
LIST_TIMEOUT_S = 30.0

Self = TypeVar("Self", bound="Session")


class Session:
    """A connection to a server."""

    def __init__(
        self,
        target: Target,
        *,
        timeout_s: float = COMPUTE_TIMEOUT_S,
        release: Callable[[], None] | None = None,
    ) -> None:
        self._caller = Caller(target)
        self._timeout_s = timeout_s
        self._scenarios: dict[str | None, catalog_pb2.Scenario] = {}
        self._outlines: dict[str, geometry_pb2.Area] = {}
        self._end = weakref.finalize(self, _release, self._caller, release)

    @property
    def address(self) -> str:
        """Where the server listens."""
        return self._caller.target.address

    def close(self) -> None:
        """Close the connection, and end a server that was started for it."""
        self._end()

    def __enter__(self: Self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def __repr__(self) -> str:
        """Tell the address, and whether the way there is encrypted."""
        tls = ", TLS" if self._caller.target.tls else ""
        state = "" if self._end.alive else ", closed"
        return f"<canopy.Client of {self.address}{tls}{state}>"

    def _call(
        self,
        stub: Callable[[grpc.Channel], Any],
        name: str,
        request: Any,
        terms: Terms | None = None,
    ) -> Any:
        """Return the answer to a request; without terms, to one for a list."""
        terms = terms or Terms(LIST_TIMEOUT_S)
        return self._caller.unary(lambda channel: getattr(stub(channel), name), request, terms)

    def _ask(self, arguments: dict[str, Any]) -> Asked:
        """Return what the questions about coverage share.

        The arguments are those of the question, by the names that all have.
        """
        check_numbers(arguments)
        question, timeout_s = Question(), arguments["timeout_s"]
        network = question.network(Network.of(arguments), self._scenario)
        return Asked(
            question=question,
            network=network,
            options=Options.of(arguments).message(),
            airspace=question.airspace(arguments.get("airspace")),
            airstrips=question.airstrips(
                arguments.get("airstrips"), arguments.get("builtin_airstrips", True)
            ),
            scenario=arguments["scenario"],
            timeout_s=self._timeout_s if timeout_s is None else timeout_s,
        )

    def _scenario(self, scenario: str | None) -> catalog_pb2.Scenario:
        """Return a scenario, the default one for None."""
        if scenario not in self._scenarios:
            stub = catalog_pb2_grpc.CatalogServiceStub
            if scenario is None:
                listed = self._call(stub, "ListScenarios", catalog_pb2.ListScenariosRequest())
                self._scenarios[None] = listed.scenarios[0]
            else:
                request = catalog_pb2.GetScenarioRequest(scenario_id=scenario)
                self._scenarios[scenario] = self._call(stub, "GetScenario", request).scenario
        return self._scenarios[scenario]

    def _outline(
        self, airspace: AirspaceSelection | None = None, scenario: str | None = None
    ) -> geometry_pb2.Area | None:
        """Return the outline of an airspace, or else of a scenario's, for maps.

        The answer is there by then: without an outline, its maps only lack a
        background.
        """
        try:
            return self._area(airspace, scenario)
        except CanopyError:
            return None

    def _area(self, airspace: AirspaceSelection | None, scenario: str | None) -> geometry_pb2.Area:
        if airspace is None:
            return self._outline_of(self._scenario(scenario).airspace_id)
        if airspace.HasField("area"):
            return airspace.area
        return self._outline_of(airspace.airspace_id)

    def _outline_of(self, airspace_id: str) -> geometry_pb2.Area:
        if airspace_id not in self._outlines:
            request = catalog_pb2.GetAirspaceRequest(airspace_id=airspace_id)
            stub = catalog_pb2_grpc.CatalogServiceStub
            self._outlines[airspace_id] = self._call(stub, "GetAirspace", request).airspace.area
        return self._outlines[airspace_id]


def _release(caller: Caller, release: Callable[[], None] | None) -> None:
    caller.close()
    if release is not None:
        release()
