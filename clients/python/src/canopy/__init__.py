"""Radar coverage planning: where an aircraft flies unseen, how low, and why.

    import canopy

    with canopy.local() as client:
        gaps = client.gaps(altitudes=["300m-agl", "FL100"])
        gaps.plot()

``canopy.connect`` asks a server that runs somewhere, ``canopy.local`` starts one
on this machine. All questions are methods of the client; what they return can
become a data frame, a map, a file.
"""

import os as _os

# The library below says on stderr what becomes an error here. It looks at this as
# it is first imported, and who has set it wants it otherwise.
_os.environ.setdefault("GRPC_VERBOSITY", "NONE")

from canopy._inputs.candidates import Candidate, Search
from canopy._inputs.sites import Radar
from canopy._open import connect, local
from canopy._operations import PlanOperation, PlanProgress
from canopy.client import Client
from canopy.errors import (
    AnswerTooLarge,
    Busy,
    Cancelled,
    CanopyError,
    DeadlineExceeded,
    InternalError,
    InvalidInput,
    NotFound,
    RequestTooLarge,
    ServerNotStarted,
    TerrainMissing,
    Unavailable,
    Violation,
)

__all__ = [
    "AnswerTooLarge",
    "Busy",
    "Cancelled",
    "Candidate",
    "CanopyError",
    "Client",
    "DeadlineExceeded",
    "InternalError",
    "InvalidInput",
    "NotFound",
    "PlanOperation",
    "PlanProgress",
    "Radar",
    "RequestTooLarge",
    "Search",
    "ServerNotStarted",
    "TerrainMissing",
    "Unavailable",
    "Violation",
    "connect",
    "local",
]
