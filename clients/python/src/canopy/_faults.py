"""From what gRPC reports to the errors of this package."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import grpc
from google.protobuf.message import DecodeError
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status

from canopy import errors
from canopy.errors import CanopyError, Violation

# How many violations one message tells of.
_MAX_SHOWN = 3


@dataclass
class Places:
    """Where the user wrote the fields of a request.

    ``names`` maps the beginning of a path, such as ``options.limits``, to words
    of the user's; ``items`` maps the path of a list to a function that tells
    where an item of it was written.
    """

    names: dict[str, str] = field(default_factory=dict)
    items: dict[str, Callable[[int], str]] = field(default_factory=dict)

    def translate(self, path: str) -> str:
        """Return the path in the user's terms, itself where nothing is known."""
        for head, rest in _beginnings(path):
            place = self._place(head)
            if place is not None:
                rest = re.sub(r"\b(position|limits|altitude)\.", "", rest.lstrip("."))
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
}


def from_rpc(error: grpc.RpcError, target: str, tls: bool, places: Places) -> CanopyError:
    """Return what a failed call means."""
    if not isinstance(error, grpc.Call):
        return errors.InternalError(f"the call failed: {error}")
    code, details = error.code(), error.details() or ""
    info, violations = _details(error, places)
    if violations:
        return _invalid(info.reason, violations)
    if code == grpc.StatusCode.UNAVAILABLE:
        return unavailable(details, target, tls)
    if code == grpc.StatusCode.UNIMPLEMENTED:
        return _unknown_call(target)
    if code in (grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED) and not info.reason:
        return _ended(code)
    if not info.reason and _is_http(details):
        return unavailable(details, target, tls)
    kind = _by_reason(info.reason) or _by_code(code)
    message, remedy = _split(_in_arguments(details))
    return kind(message, remedy=remedy, reason=info.reason or code.name)


def _details(call: grpc.Call, places: Places) -> tuple[ErrorInfo, tuple[Violation, ...]]:
    """Return what the status carries beside its message."""
    info, bad = ErrorInfo(), BadRequest()
    for key, value in call.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        try:
            status = Status.FromString(bytes(value))
        except DecodeError:
            continue
        for detail in status.details:
            detail.Unpack(info) or detail.Unpack(bad)
    violations = tuple(
        Violation(places.translate(v.field), v.description, _reason_of(v) or info.reason)
        for v in bad.field_violations
    )
    return info, violations


def _reason_of(violation: BadRequest.FieldViolation) -> str:
    """Return the violation's own reason, which older googleapis do not know."""
    return str(getattr(violation, "reason", ""))


def _invalid(reason: str, violations: tuple[Violation, ...]) -> CanopyError:
    text = "; ".join(str(v) for v in violations[:_MAX_SHOWN])
    more = len(violations) - _MAX_SHOWN
    if more > 0:
        text += f"; and {more} more"
    message, remedy = (text, "") if len(violations) > 1 else _split(text)
    return errors.InvalidInput(message, remedy=remedy, reason=reason, violations=violations)


def _split(text: str) -> tuple[str, str]:
    """Part a message of the server's from its remedy, which stands last."""
    what, _, remedy = text.rpartition(": ")
    return (what, remedy) if what else (text, "")


def _in_arguments(text: str) -> str:
    return text.replace("without strict terrain", "without strict_terrain").replace(
        "set without_sights", "give sights=False"
    )


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
} | {"SERVER_TIMEOUT": errors.DeadlineExceeded}

_CODES: Mapping[grpc.StatusCode, type[CanopyError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: errors.InvalidInput,
    grpc.StatusCode.FAILED_PRECONDITION: errors.InvalidInput,
    grpc.StatusCode.OUT_OF_RANGE: errors.InvalidInput,
    grpc.StatusCode.NOT_FOUND: errors.NotFound,
    grpc.StatusCode.RESOURCE_EXHAUSTED: errors.Busy,
    grpc.StatusCode.DEADLINE_EXCEEDED: errors.DeadlineExceeded,
    grpc.StatusCode.CANCELLED: errors.Cancelled,
    grpc.StatusCode.UNAUTHENTICATED: errors.Unavailable,
    grpc.StatusCode.PERMISSION_DENIED: errors.Unavailable,
}


def _by_reason(reason: str) -> type[CanopyError] | None:
    return _REASONS.get(reason)


def _by_code(code: grpc.StatusCode) -> type[CanopyError]:
    return _CODES.get(code, errors.InternalError)


def _ended(code: grpc.StatusCode) -> CanopyError:
    if code == grpc.StatusCode.CANCELLED:
        return errors.Cancelled("the call was cancelled")
    return errors.DeadlineExceeded(
        "no answer in time", remedy="allow more with timeout_s, or ask for less"
    )


def _unknown_call(target: str) -> CanopyError:
    return errors.Unavailable(
        f"the server at {target} does not know this call",
        remedy="is it a canopy server of this version?",
        reason="UNIMPLEMENTED",
    )


def _is_http(details: str) -> bool:
    return "http2 header with status" in details


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

_CLOSED = (
    "(Socket|Connection) (closed|reset)|End of TCP|GOAWAY|Broken pipe",
    "the connection to {at} was closed",
)


def unavailable(details: str, target: str, tls: bool) -> CanopyError:
    """Return what a connection that failed means, by what gRPC says of it."""
    for pattern, message, remedy in _CONNECTIONS:
        if re.search(pattern, details):
            return errors.Unavailable(message.format(at=target), remedy=remedy)
    pattern, message = _CLOSED
    if re.search(pattern, details):
        remedy = "has the server ended?" if tls else "has the server ended, or does it want tls=True?"
        return errors.Unavailable(message.format(at=target), remedy=remedy)
    message, remedy = _split(details)
    return errors.Unavailable(f"the server at {target} is not available: {message}", remedy=remedy)
