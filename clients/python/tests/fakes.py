"""A server that answers as it is told."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from types import TracebackType
from typing import Any

import grpc
from google.longrunning.operations_pb2_grpc import add_OperationsServicer_to_server
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RequestInfo
from google.rpc.status_pb2 import Status

from canopy.v1 import catalog_pb2, coverage_pb2
from canopy.v1.catalog_pb2_grpc import add_CatalogServiceServicer_to_server
from canopy.v1.coverage_pb2_grpc import add_CoverageServiceServicer_to_server
from canopy.v1.siting_pb2_grpc import add_SitingServiceServicer_to_server
from canopy.v1.terrain_pb2_grpc import add_TerrainServiceServicer_to_server

Answer = Callable[[Any, Any], Any]


class FakeServer:
    """Answers calls by functions of the request and the context.

    ``answers`` has them by the name of the call; calls without one are not
    implemented. ``seen`` has the name and the metadata of each call.
    """

    def __init__(self, credentials: grpc.ServerCredentials | None = None) -> None:
        self.answers: dict[str, Answer] = {"ListScenarios": _scenarios, "GetAirspace": _airspace}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self._server = grpc.server(futures.ThreadPoolExecutor(8))
        add_CatalogServiceServicer_to_server(self, self._server)
        add_CoverageServiceServicer_to_server(self, self._server)
        add_TerrainServiceServicer_to_server(self, self._server)
        add_SitingServiceServicer_to_server(self, self._server)
        add_OperationsServicer_to_server(self, self._server)
        if credentials is None:
            port = self._server.add_insecure_port("127.0.0.1:0")
        else:
            port = self._server.add_secure_port("127.0.0.1:0", credentials)
        self.address = f"127.0.0.1:{port}"

    def __getattr__(self, name: str) -> Answer:
        if not name[:1].isupper():
            raise AttributeError(name)

        def answer(request: Any, context: Any) -> Any:
            self.seen.append((name, dict(context.invocation_metadata())))
            if name not in self.answers:
                context.abort(grpc.StatusCode.UNIMPLEMENTED, "not told")
            return self.answers[name](request, context)

        return answer

    def calls(self, name: str) -> list[dict[str, str]]:
        """Return the metadata of all calls of a name."""
        return [metadata for seen, metadata in self.seen if seen == name]

    def __enter__(self) -> FakeServer:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop(None).wait()


def _scenarios(request: Any, context: Any) -> catalog_pb2.ListScenariosResponse:
    scenario = catalog_pb2.Scenario(scenario_id="fake", airspace_id="nowhere")
    return catalog_pb2.ListScenariosResponse(scenarios=[scenario])


def _airspace(request: Any, context: Any) -> Any:
    context.abort(grpc.StatusCode.NOT_FOUND, "no outlines here")


def abort(
    code: grpc.StatusCode,
    message: str,
    reason: str = "",
    violations: dict[str, str] | None = None,
    request_id: str = "",
) -> Answer:
    """Return an answer that fails as Canopy's own server does."""
    details: list[Message] = [ErrorInfo(reason=reason, domain="canopy")] if reason else []
    if violations:
        listed = [
            BadRequest.FieldViolation(field=field, description=text)
            for field, text in violations.items()
        ]
        details.append(BadRequest(field_violations=listed))
    if request_id:
        details.append(RequestInfo(request_id=request_id))

    def answer(request: Any, context: Any) -> Any:
        status = status_of(code, message, details)
        if details:
            context.set_trailing_metadata(
                (("grpc-status-details-bin", status.SerializeToString()),)
            )
        context.abort(code, message)

    return answer


def status_of(code: grpc.StatusCode, message: str, details: list[Message]) -> Status:
    """Return a status as it is in trailers, and in operations that have failed."""
    status = Status(code=code.value[0], message=message)
    for detail in details:
        status.details.append(packed(detail))
    return status


def packed(message: Message) -> AnyMessage:
    made = AnyMessage()
    made.Pack(message)
    return made


class Slow:
    """An answer that goes on until its caller has gone."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.gone = threading.Event()

    def __call__(self, request: Any, context: Any) -> Any:
        context.add_callback(self.gone.set)
        self.begun.set()
        assert self.gone.wait(20), "nobody cancelled the call"
        context.abort(grpc.StatusCode.CANCELLED, "gone")

    def stream(self, request: Any, context: Any) -> Iterator[coverage_pb2.ExportFloorResponse]:
        """Send a summary, and then nothing until the caller has gone."""
        yield coverage_pb2.ExportFloorResponse(
            summary=coverage_pb2.FloorSummary(geotiff_bytes=1000)
        )
        self(request, context)


class Terminal(io.StringIO):
    """What bars take for a terminal."""

    def isatty(self) -> bool:
        return True
