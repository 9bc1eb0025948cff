"""Numbers with their units, as people write them: 300m-agl, 3000ft-amsl, FL100.

The notation and its refusals are those of the program ``canopy``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from canopy.errors import InvalidInput, Violation
from canopy.v1.geometry_pb2 import Altitude

AltitudeLike: TypeAlias = "str | Altitude"
AltitudesLike: TypeAlias = "AltitudeLike | Iterable[AltitudeLike]"

METRES_PER_FLIGHT_LEVEL = 30.48

# Tenths of a millimetre in one of each unit, so that all are whole numbers and
# 3000 ft is 914.4 m to the last bit. A foot is international, a mile statute.
_TENTH_MILLIMETRES_PER = {
    "m": 10_000,
    "km": 10_000_000,
    "ft": 3048,
    "nmi": 18_520_000,
    "nm": 18_520_000,
    "mi": 16_093_440,
}

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
_QUANTITY = re.compile(rf"\s*(?P<number>{_NUMBER.pattern})?\s*(?P<unit>.*?)\s*", re.IGNORECASE)


def number(text: str) -> float | None:
    """Return the number that a text is; None where it is none, or not finite."""
    if not _NUMBER.fullmatch(text.strip()):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def altitude(text: AltitudeLike) -> Altitude:
    """Return a height with its reference: 300m-agl, 3000ft-amsl, FL100."""
    if isinstance(text, Altitude):
        return text
    if not isinstance(text, str):
        raise _missing_reference(_plain(text) if _is_number(text) else repr(text))
    lower = text.strip().lower()
    if lower.startswith("fl"):
        return _flight_level(text, lower[2:])
    for reference in ("agl", "amsl"):
        if lower.endswith(reference):
            return _over(reference, lower.removesuffix(reference).rstrip("- "), text)
    raise _missing_reference(text)


def altitudes(texts: AltitudesLike | None, argument: str) -> list[Altitude]:
    """Return altitudes; texts may have several with commas between them."""
    if texts is None:
        return []
    if isinstance(texts, str):
        texts = texts.split(",")
    elif isinstance(texts, Altitude) or not isinstance(texts, Iterable):
        texts = [texts]
    listed = [_at(argument, i, text) for i, text in enumerate(texts)]
    if not listed:
        raise InvalidInput(
            f"{argument} is empty", remedy="leave it out for the scenario's, or write '300m-agl'"
        )
    return listed


def _at(argument: str, i: int, text: AltitudeLike) -> Altitude:
    try:
        return altitude(text)
    except InvalidInput as error:
        raise placed(error, f"{argument}[{i}]") from None


def placed(error: InvalidInput, place: str) -> InvalidInput:
    """Return an error that says where its value was written."""
    whole = f"{error.message}: {error.remedy}" if error.remedy else error.message
    return InvalidInput(
        f"{place}: {error.message}",
        remedy=error.remedy,
        reason=error.reason,
        violations=(Violation(place, whole, error.reason),),
    )


def _flight_level(text: str, level: str) -> Altitude:
    value = number(level)
    if value is None:
        raise InvalidInput(f'altitude "{text}" is not a flight level', remedy="write FL100")
    return Altitude(flight_level=value)


def _over(reference: str, height: str, text: str) -> Altitude:
    found = _QUANTITY.fullmatch(height)
    value = number(found["number"] or "") if found else None
    per = _TENTH_MILLIMETRES_PER.get(found["unit"]) if found else None
    if value is None or per is None:
        raise InvalidInput(
            f'altitude "{text}" cannot be read',
            remedy=f"write 300m-{reference} or 1000ft-{reference}",
        )
    metres = value * per / 10_000
    return Altitude(agl_m=metres) if reference == "agl" else Altitude(amsl_m=metres)


def _missing_reference(text: str) -> InvalidInput:
    found = _QUANTITY.fullmatch(text.lower())
    value = number(found["number"] or "") if found else None
    if found is None or value is None:
        return InvalidInput(
            f'altitude "{text}" is not an altitude', remedy="write 300m-agl, 3000ft-amsl or FL100"
        )
    written, unit = found["number"], found["unit"]
    if not unit:
        level = abs(value) / METRES_PER_FLIGHT_LEVEL
        return InvalidInput(
            f'altitude "{text}" has no unit',
            remedy=f"write {written}m-agl, {written}m-amsl or FL{level:03.0f}",
        )
    height = written + unit
    return InvalidInput(
        f'altitude "{text}" has no reference',
        remedy=f"write {height}-agl (above ground) or {height}-amsl (above sea level)",
    )


# What the names of arguments that are numbers end in, and their unit.
_UNITS = {
    "km": "in km",
    "m": "in metres",
    "km2": "in km²",
    "deg": "in degrees",
    "arcsec": "in arc-seconds",
    "mhz": "in MHz",
    "s": "in seconds",
    "k": "such as 1.42",
    "count": "a whole one",
    "radars": "a whole one",
    "seed": "a whole one",
    "usd": "in US dollars",
    "percent": "in percent",
    "availability": "a share from 0 to 1",
}


def check_numbers(arguments: Mapping[str, object]) -> None:
    """Refuse what is no number for arguments that are numbers by their names."""
    for name, value in arguments.items():
        unit = _UNITS.get(name.rpartition("_")[2])
        if value is None or unit is None:
            continue
        if not _is_number(value) or (unit == "a whole one" and float(value) % 1):  # type: ignore[arg-type]
            raise InvalidInput(f"{name}={value!r} cannot be used", remedy=f"give a number, {unit}")


def _is_number(value: object) -> bool:
    return hasattr(value, "__float__") and not isinstance(value, bool)


def _plain(value: object) -> str:
    return f"{float(value):.12g}"  # type: ignore[arg-type]


def check_position(lat_deg: float, lon_deg: float) -> None:
    """Refuse degrees that are not on the earth.

    It says so where they would be if latitude and longitude changed places.
    """
    lat_wrong, lon_wrong = not abs(lat_deg) <= 90, not abs(lon_deg) <= 180
    lat, lon = _plain(lat_deg), _plain(lon_deg)
    if not math.isfinite(lat_deg) or not math.isfinite(lon_deg):
        raise InvalidInput(f"latitude {lat} and longitude {lon} are not numbers")
    if lat_wrong and abs(lon_deg) <= 90 and abs(lat_deg) <= 180:
        raise InvalidInput(
            f"latitude {lat} is beyond ±90", remedy="are latitude and longitude swapped?"
        )
    if lat_wrong and lon_wrong:
        raise InvalidInput(
            f"latitude {lat} and longitude {lon} are not degrees",
            remedy="convert them to WGS-84 (EPSG:4326)",
        )
    if lat_wrong:
        raise InvalidInput(
            f"latitude {lat} is beyond ±90", remedy="write decimal degrees, south negative"
        )
    if lon_wrong:
        raise InvalidInput(
            f"longitude {lon} is beyond ±180", remedy="write decimal degrees, west negative"
        )
