"""What goes wrong, in words for people and with reasons for programs.

Every error is one line: what is wrong, where, and how to put it right. A
notebook shows that line and not the way through this package.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Violation:
    """One value that cannot be used.

    ``field`` is where it was given, as far as known: ``altitudes[1]``,
    ``sites.csv line 3: range_km``. ``reason`` is one of the contract's, such as
    ``FIELD_INVALID``.
    """

    field: str
    message: str
    reason: str = ""

    def __str__(self) -> str:
        """Return where and what."""
        return f"{self.field}: {self.message}" if self.field else self.message


class CanopyError(Exception):
    """Something went wrong; the base of all errors of this package.

    ``reason`` is stable and in UPPER_SNAKE_CASE; ``field`` is where the cause
    was given, or empty; ``remedy`` says how to put it right, or is empty where
    the message does; ``violations`` has every value that cannot be used.
    ``request_id`` names the request to whoever runs the server, whose log has it;
    it is empty where the server did not answer. The text ends with it, but where
    it is of values that cannot be used, which nobody has to look up.
    """

    default_reason = "INTERNAL"

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        reason: str = "",
        violations: tuple[Violation, ...] = (),
        request_id: str = "",
    ) -> None:
        text = f"{message}: {remedy}" if remedy else message
        if request_id and not violations:
            text = f"{text} (request {request_id})"
        super().__init__(text)
        self.message = message
        self.remedy = remedy
        self.reason = reason or self.default_reason
        self.violations = violations
        self.request_id = request_id

    @property
    def field(self) -> str:
        """Where the cause was given, as far as known."""
        return self.violations[0].field if self.violations else ""

    def _render_traceback_(self) -> list[str]:
        """Return what notebooks show instead of a traceback."""
        return [f"canopy.{type(self).__name__}: {self}", *_line_of_caller(self)]


def _line_of_caller(error: BaseException) -> list[str]:
    """Return the last line on the way to an error that is not this package's."""
    package = str(Path(__file__).parent)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not frame.filename.startswith(package)]
    return [f"  in line {own[-1].lineno}: {own[-1].line}"] if own and own[-1].line else []


class InvalidInput(CanopyError, ValueError):
    """A value cannot be used; asking again with the same one cannot help."""

    default_reason = "FIELD_INVALID"


class NotFound(CanopyError):
    """The catalogue has nothing of this name."""

    default_reason = "NOT_FOUND"


class RequestTooLarge(InvalidInput):
    """The computation is over the limits of the server."""

    default_reason = "REQUEST_TOO_LARGE"


class AnswerTooLarge(CanopyError):
    """The answer is longer than can be sent."""

    default_reason = "ANSWER_TOO_LARGE"


class TerrainMissing(CanopyError):
    """Terrain is missing in range of a radar, and ``strict_terrain`` is set."""

    default_reason = "TERRAIN_MISSING"


class Unavailable(CanopyError):
    """No server answers, or not one that understands."""

    default_reason = "UNAVAILABLE"


class Busy(CanopyError):
    """The server has as much to do as it may, or does as much for you; asking later helps."""

    default_reason = "SERVER_BUSY"


class DeadlineExceeded(CanopyError, TimeoutError):
    """No answer came in time."""

    default_reason = "DEADLINE_EXCEEDED"


class Cancelled(CanopyError):
    """The call was given up, by this program or by the server."""

    default_reason = "CANCELLED"


class ServerNotStarted(CanopyError):
    """The program ``canopy`` cannot be found, or ends as soon as it starts."""

    default_reason = "SERVER_NOT_STARTED"


class InternalError(CanopyError):
    """The server failed; its log says more."""
