"""From what gRPC reports to the errors of this package."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import grpc
from google.protobuf.message import DecodeError
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RequestInfo
from google.rpc.status_pb2 import Status

from canopy import errors
from canopy.errors import CanopyError, Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from canopy._connection import Target

# How many violations one message tells of.
_MAX_SHOWN = 3


@dataclass
class Places:
    """Where the user wrote the fields of a request.

    ``names`` maps the beginning of a path, such as ``options.limits``, to words
    of the user's; ``items`` maps the path of a list to a function that tells
    where an item of it was written. Both leave out ``root``, where a request
    holds another one.
    """

    names: dict[str, str] = field(default_factory=dict)
    items: dict[str, Callable[[int], str]] = field(default_factory=dict)
    root: str = ""

    def translate(self, path: str) -> str:
        """Return the path in the user's terms, itself where nothing is known."""
        path = path.removeprefix(self.root)
        for head, tail in _beginnings(path):
            place = self._place(head)
            if place is not None:
                rest = re.sub(r"\b(radar|position|limits|altitude)\.", "", tail.lstrip("."))
                return ": ".join(part for part in (place, rest) if part)
        return path

    def _place(self, head: str) -> str | None:
        if head in self.names:
            return self.names[head]
        item = re.fullmatch(r"(.*)\[(\d+)\]", head)
        if item and item[1] in self.items:
            return self.items[item[1]](int(item[2]))
        return None


def _beginnings(path: str) -> Iterator[tuple[str, str]]:
    """Yield the path split in two, the longest beginning first."""
    end = len(path)
    while end > 0:
        yield path[:end], path[end:]
        end = max(path.rfind(".", 0, end), path.rfind("[", 0, end))


# The arguments that are named otherwise than the fields that they become.
ARGUMENTS = {
    "network.scenario_id": "scenario",
    "network.radars": "sites",
    "options": "",
    "options.limits": "",
    "airspace.airspace_id": "airspace",
    "airspace.area": "airspace",
    "airstrips.airstrips": "airstrips",
    "circle": "near",
    "circle.radius_km": "radius_km",
    "area": "within",
    "position": "near",
    "existing.scenario_id": "scenario",
    "existing.radars": "sites",
    "objective": "",
    "objective.airstrips": "",
    "objective.airstrips.max_agl_m": "max_airstrip_agl_m",
    "objective.airstrips.weight_km2": "airstrip_weight_km2",
    "constraints": "",
    "constraints.max_count": "count",
    "constraints.models": "max_of",
    "constraints.costs": "cost_usd",
    "effort": "",
    "effort.time_limit": "time_limit_s",
    "effort.without_screening": "screening",
    "candidates.candidates": "candidates",
    "candidates.search": "candidates",
    "search": "",
}


def from_rpc(error: grpc.RpcError, target: Target, places: Places, late: bool) -> CanopyError:
    """Return what a failed call means, which may be late for its deadline."""
    if not isinstance(error, grpc.Call):
        return errors.InternalError(f"the call failed: {error}")
    code, details = error.code(), error.details() or ""
    told = _details(error, places)
    if told.violations or told.reason:
        return _with_reason(code, details, told)
    return _without_reason(code, details, target, late)


def from_status(status: Status, places: Places) -> CanopyError:
    """Return what an operation means that has failed."""
    code = _CODES_BY_NUMBER.get(status.code, grpc.StatusCode.UNKNOWN)
    return _with_reason(code, status.message, _told([status], places))


@dataclass(frozen=True)
class _Told:
    """What a status carries beside its message."""

    reason: str
    violations: tuple[Violation, ...]
    request_id: str


def _with_reason(code: grpc.StatusCode, details: str, told: _Told) -> CanopyError:
    """Return what a status means that Canopy's own code made."""
    if told.violations:
        return _invalid(told)
    kind = _REASONS.get(told.reason) or _CODES.get(code, errors.InternalError)
    message, remedy = _split(_in_arguments(details))
    return kind(message, remedy=remedy, reason=told.reason, request_id=told.request_id)


def _without_reason(code: grpc.StatusCode, details: str, target: Target, late: bool) -> CanopyError:
    """Return what a status means that Canopy's own code did not make."""
    if code == grpc.StatusCode.UNAVAILABLE or "http2 header with status" in details:
        return unavailable(details, target)
    # Both sides watch the deadline, and the server may be the first to hang up.
    if code == grpc.StatusCode.CANCELLED and late and "RST_STREAM" in details:
        code = grpc.StatusCode.DEADLINE_EXCEEDED
    if code in _ENDS:
        kind, message, remedy = _ENDS[code]
        return kind(message.format(at=target.address), remedy=remedy)
    if "larger than max" in details:
        return errors.AnswerTooLarge(
            "the answer is longer than this client takes", remedy="ask for less"
        )
    kind = _CODES.get(code, errors.InternalError)
    return kind(f"the server at {target.address} answers {code.name}: {details}", reason=code.name)


def _details(call: grpc.Call, places: Places) -> _Told:
    statuses = []
    for key, value in call.trailing_metadata() or ():
        if key != "grpc-status-details-bin" or isinstance(value, str):
            continue
        try:
            statuses.append(Status.FromString(value))
        except DecodeError:
            continue
    return _told(statuses, places)


def _told(statuses: Iterable[Status], places: Places) -> _Told:
    info, bad, request = ErrorInfo(), BadRequest(), RequestInfo()
    for status in statuses:
        for detail in status.details:
            detail.Unpack(info) or detail.Unpack(bad) or detail.Unpack(request)
    violations = tuple(
        Violation(
            places.translate(v.field), _in_arguments(v.description), _reason_of(v) or info.reason
        )
        for v in bad.field_violations
    )
    return _Told(info.reason, violations, request.request_id)


def _reason_of(violation: BadRequest.FieldViolation) -> str:
    """Return the violation's own reason, which older googleapis do not know."""
    return str(getattr(violation, "reason", ""))


def _invalid(told: _Told) -> CanopyError:
    bad = told.violations
    message, remedy = _one(bad[0]) if len(bad) == 1 else (_several(bad), "")
    return errors.InvalidInput(
        message, remedy=remedy, reason=told.reason, violations=bad, request_id=told.request_id
    )


def _one(violation: Violation) -> tuple[str, str]:
    what, remedy = _split(violation.message)
    return str(Violation(violation.field, what)), remedy


def _several(violations: tuple[Violation, ...]) -> str:
    text = "; ".join(str(v) for v in violations[:_MAX_SHOWN])
    more = len(violations) - _MAX_SHOWN
    return f"{text}; and {more} more" if more > 0 else text


def _split(text: str) -> tuple[str, str]:
    """Part a message of the server's from its remedy, which stands last."""
    what, _, remedy = text.rpartition(": ")
    return (what, remedy) if what else (text, "")


def _in_arguments(text: str) -> str:
    """Return a message of the server's in the words of this package."""
    for theirs, ours in _WORDS.items():
        text = text.replace(theirs, ours)
    return text


_WORDS = {
    "without strict terrain": "without strict_terrain",
    "set without_sights": "give sights=False",
    "neither max_count nor": "neither count nor",
    "by candidates.search": "by canopy.Search",
    "ListOperations names": "client.operations() names",
    "send a token that the server knows, as authorization: Bearer TOKEN": (
        "give token=…, or set CANOPY_TOKEN"
    ),
}


_REASONS: Mapping[str, type[CanopyError]] = {
    kind.default_reason: kind
    for kind in (
        errors.NotFound,
        errors.RequestTooLarge,
        errors.AnswerTooLarge,
        errors.TerrainMissing,
        errors.Busy,
        errors.DeadlineExceeded,
        errors.Cancelled,
    )
} | {"SERVER_TIMEOUT": errors.DeadlineExceeded, "CALLER_RATE": errors.Busy}

_CODES: Mapping[grpc.StatusCode, type[CanopyError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: errors.InvalidInput,
    grpc.StatusCode.FAILED_PRECONDITION: errors.InvalidInput,
    grpc.StatusCode.OUT_OF_RANGE: errors.InvalidInput,
    grpc.StatusCode.NOT_FOUND: errors.NotFound,
    grpc.StatusCode.RESOURCE_EXHAUSTED: errors.Busy,
    grpc.StatusCode.DEADLINE_EXCEEDED: errors.DeadlineExceeded,
    grpc.StatusCode.CANCELLED: errors.Cancelled,
    grpc.StatusCode.UNAVAILABLE: errors.Unavailable,
    grpc.StatusCode.UNAUTHENTICATED: errors.Unavailable,
    grpc.StatusCode.PERMISSION_DENIED: errors.Unavailable,
    # What was under way on a server that was ended.
    grpc.StatusCode.ABORTED: errors.Cancelled,
}

_CODES_BY_NUMBER = {code.value[0]: code for code in grpc.StatusCode}


# Ends that a call comes to without an answer of Canopy's.
_ENDS: Mapping[grpc.StatusCode, tuple[type[CanopyError], str, str]] = {
    grpc.StatusCode.CANCELLED: (errors.Cancelled, "the call was cancelled", ""),
    grpc.StatusCode.DEADLINE_EXCEEDED: (
        errors.DeadlineExceeded,
        "no answer in time",
        "allow more with timeout_s, or ask for less",
    ),
    grpc.StatusCode.UNIMPLEMENTED: (
        errors.Unavailable,
        "the server at {at} does not know this call",
        "is it a canopy server of this version?",
    ),
    grpc.StatusCode.UNAUTHENTICATED: (
        errors.Unavailable,
        "the server at {at} wants to know who asks",
        "give token=…, or set CANOPY_TOKEN",
    ),
    grpc.StatusCode.PERMISSION_DENIED: (
        errors.Unavailable,
        "the server at {at} refuses this token",
        "ask its operator for another",
    ),
}


# What gRPC says of a connection that failed, and what that means. The words of
# several of its versions stand side by side. {at} is the address.
_CONNECTIONS = (
    (
        "Connection refused",
        "no server answers at {at} (connection refused)",
        "start one with canopy serve, use canopy.local(), or check the address",
    ),
    (
        "DNS resolution failed|errors resolving",
        "the host of {at} is not known",
        "check the address, which is HOST:PORT",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED",
        "the certificate of {at} is not trusted here",
        "give the file of its authority: ca_file='ca.pem'",
    ),
    (
        "Peer name .* is not in peer|Hostname Verification",
        "the certificate of {at} is for another name",
        "connect by a name that is in the certificate",
    ),
    (
        "andshake failed",
        "what answers at {at} does not speak TLS",
        "leave tls and ca_file out, or check the port",
    ),
    (
        "Failed parsing HTTP/2|http1|http2 header with status",
        "what answers at {at} is not a gRPC server",
        "is it the port for HTTP? canopy serve names both as it starts",
    ),
    (
        "timed out",
        "{at} does not answer",
        "check the address and what stands between, such as a firewall",
    ),
)

_CLOSED = "(Socket|Connection) (closed|reset)|End of TCP|GOAWAY|Broken pipe"


def unavailable(details: str, target: Target) -> CanopyError:
    """Return what a connection that failed means, by what gRPC says of it."""
    at = target.address
    for pattern, message, remedy in _CONNECTIONS:
        if re.search(pattern, details):
            return errors.Unavailable(message.format(at=at), remedy=remedy)
    if re.search(_CLOSED, details):
        plain = "" if target.tls else ", or does it want tls=True"
        return errors.Unavailable(
            f"the connection to {at} was closed", remedy=f"has the server ended{plain}?"
        )
    message, remedy = _split(details)
    return errors.Unavailable(f"the server at {at} is not available: {message}", remedy=remedy)
