"""How numbers, altitudes and causes are told to people.

The words, the rounding and the names of columns are those of the command
`canopy`, so that one answer reads alike everywhere.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from canopy.v1 import airstrip_pb2, coverage_pb2, radar_pb2, siting_pb2

if TYPE_CHECKING:
    from collections.abc import Iterable

    from canopy.v1 import geometry_pb2, provenance_pb2

# The causes of gaps in the order of the contract, without its UNSPECIFIED.
CAUSE_NAMES = {
    number: name.removeprefix("GAP_CAUSE_")
    for name, number in coverage_pb2.GapCause.items()
    if number
}

CAUSE_WORDS = {
    "OUT_OF_RANGE": "out of range",
    "OUTSIDE_SECTOR": "outside the sector",
    "BELOW_HORIZON": "below the horizon",
    "ABOVE_BEAM": "above the beam",
    "TERRAIN": "terrain",
    "OUT_OF_SERVICE": "radar out of service",
}

# Control characters, which XML has no way to write.
CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])

_STATUS_WORDS = {
    number: name.removeprefix("AIRSTRIP_STATUS_").lower() if number else ""
    for name, number in airstrip_pb2.AirstripStatus.items()
}


def plain(value: float) -> str:
    """Write a number without an exponent and without needless digits."""
    text = repr(float(value))
    if "e" in text:
        text = format(Decimal(text), "f")
    return text.removesuffix(".0")


def grouped(value: float, decimals: int = 0) -> str:
    """Write a number with commas between thousands."""
    return f"{value:,.{decimals}f}"


def area(km2: float) -> str:
    """Write an area in km², with a decimal where it matters."""
    return grouped(km2, 1 if 0 < km2 < 100 else 0)


def percent(share: float) -> str:
    """Write a share; it never rounds something to nothing, nor nearly all to all."""
    if 0 < share < 0.0005:
        return "<0.1 %"
    if 0.9995 <= share < 1:
        return ">99.9 %"
    return f"{100 * share:.1f} %"


def roughly(share: float) -> str:
    """Write a share without decimals."""
    if 0 < share < 0.005:
        return "<1 %"
    if 0.995 <= share < 1:
        return ">99 %"
    return f"{100 * share:.0f} %"


def metres(value: float) -> str:
    return grouped(value) + " m"


def metres_or(value: float | None, other: str) -> str:
    """Write a height, or other where there is none."""
    return other if value is None or math.isnan(value) else metres(value)


def kilometres(value: float) -> str:
    return grouped(value, 1) + " km"


def place(position: geometry_pb2.Position) -> str:
    return f"{position.lat_deg:.4f},{position.lon_deg:.4f}"


def count(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{grouped(number)} {many}"


def altitude_id(altitude: geometry_pb2.Altitude) -> str:
    """Write an altitude as the client reads it: 300m-agl, FL100."""
    level = altitude.WhichOneof("level")
    if level == "agl_m":
        return plain(altitude.agl_m) + "m-agl"
    if level == "amsl_m":
        return plain(altitude.amsl_m) + "m-amsl"
    return _flight_level(altitude.flight_level) if level else ""


def altitude_column(altitude: geometry_pb2.Altitude) -> str:
    """Write an altitude as the end of a column's name: 300m_agl."""
    return altitude_id(altitude).lower().replace("-", "_").replace(".", "_")


def altitude_text(altitude: geometry_pb2.Altitude) -> str:
    """Write an altitude as people do: 300 m AGL."""
    level = altitude.WhichOneof("level")
    if level == "agl_m":
        return plain(altitude.agl_m) + " m AGL"
    if level == "amsl_m":
        return plain(altitude.amsl_m) + " m AMSL"
    return _flight_level(altitude.flight_level) if level else ""


def _flight_level(level: float) -> str:
    whole, point, fraction = plain(level).partition(".")
    return "FL" + whole.zfill(3) + point + fraction


def cause_name(cause: coverage_pb2.GapCause) -> str:
    return CAUSE_NAMES.get(cause, "")


def causes_text(shares: Iterable[coverage_pb2.CauseShare]) -> str:
    """Write why an area is not seen: terrain 68 %, below the horizon 32 %."""
    return ", ".join(f"{CAUSE_WORDS[cause_name(s.cause)]} {roughly(s.share)}" for s in shares)


def status_word(status: airstrip_pb2.AirstripStatus) -> str:
    return _STATUS_WORDS.get(status, "")


def state_word(state: radar_pb2.RadarState) -> str:
    """Name the state of a radar as files of sites do."""
    return "out-of-service" if is_out_of_service(state) else "in-service"


def is_out_of_service(state: radar_pb2.RadarState) -> bool:
    return state == radar_pb2.RADAR_STATE_OUT_OF_SERVICE


def reach_word(reach: radar_pb2.Reach) -> str:
    """Name what kept radars from seeing; the server's default is terrain."""
    name = radar_pb2.Reach.Name(reach or radar_pb2.REACH_TERRAIN)
    return name.removeprefix("REACH_").lower()


def usd(amount: float) -> str:
    """Write US dollars, from a million on in millions: US$17.75M."""
    if amount < 1e6:
        return "US$" + grouped(amount)
    return "US$" + grouped(amount / 1e6, 2).rstrip("0").rstrip(".") + "M"


def phase_word(phase: siting_pb2.PlanPhase) -> str:
    """Name what a search is at: waiting, sweeping, searching."""
    return siting_pb2.PlanPhase.Name(phase).removeprefix("PLAN_PHASE_").lower() if phase else ""


def within(gap_percent: float) -> str:
    """Say how near a plan provably is to the best, rounded up to a hundredth of a percent."""
    if gap_percent < _ROUNDING:
        return "the best possible"
    return f"within {plain(math.ceil(100 * gap_percent - _ROUNDING) / 100)} % of the best possible"


# Of numbers that were computed, what is nothing.
_ROUNDING = 1e-6


ENDING_WORDS = {
    siting_pb2.PLAN_ENDING_PROVEN: "proven",
    siting_pb2.PLAN_ENDING_EXHAUSTED: "no more could be proven",
    siting_pb2.PLAN_ENDING_TIME_LIMIT: "the time limit ended the search",
    siting_pb2.PLAN_ENDING_CANCELLED: "the search was cancelled",
    siting_pb2.PLAN_ENDING_SERVER_STOPPED: "the server was stopped",
}


def arcsec(value: float) -> str:
    return plain(value) + "″"


def terrain_text(terrain: provenance_pb2.Terrain) -> str:
    """Name an elevation model, with the distance between its posts."""
    text = f"{terrain.name}, posts every {arcsec(terrain.spacing_arcsec)}"
    return text + ", for demonstration only" if terrain.demonstration else text


def airspace_name(provenance: provenance_pb2.Provenance) -> str:
    """Name the airspace without its source."""
    return provenance.airspace.partition(" (")[0]


def basis_text(provenance: provenance_pb2.Provenance) -> str:
    """Tell in one line what an answer stands on."""
    parts = ["terrain " + terrain_text(provenance.terrain)]
    spacing = provenance.analysis_spacing_arcsec
    if spacing > 0 and spacing != provenance.terrain.spacing_arcsec:
        parts.append("computed every " + arcsec(spacing))
    if provenance.airspace:
        parts.append("airspace " + provenance.airspace)
    parts.append(f"k {provenance.effective_earth_k:.3f}")
    parts.append("reach " + reach_word(provenance.reach))
    if provenance.min_radars > 1:
        parts.append(f"seen by at least {provenance.min_radars} radars")
    parts.append("engine " + provenance.engine_version)
    return "; ".join(parts)
