"""Colours that colour-blind eyes tell apart (the palette of Okabe and Ito)."""

from __future__ import annotations

CAUSES = {
    "OUT_OF_RANGE": "#999999",
    "OUTSIDE_SECTOR": "#f0e442",
    "BELOW_HORIZON": "#0072b2",
    "ABOVE_BEAM": "#cc79a7",
    "TERRAIN": "#d55e00",
    "OUT_OF_SERVICE": "#e69f00",
}
COVERED = "#d8efd3"
COVERED_OR_GROUND = "#ece6d2"
OUTLINE = "#777777"
SEEN = "#009e73"
UNSEEN = "#d55e00"
RADAR = "#000000"
AIRSTRIP = "#0072b2"
# Radars that a plan builds, and places where one could stand or must not.
BUILT = "#d55e00"
CANDIDATE = "#0072b2"
FIXED = "#009e73"
FORBIDDEN = "#999999"
# Ground, its edge, and the floor of sight in a profile.
GROUND = "#d9cdb5"
CREST = "#6b5836"
FLOOR = "#0072b2"
# Land of which nothing is said, and the words for demonstration terrain.
LAND = "#f4f4f1"
DEMONSTRATION = "#b34700"


def light(colour: str) -> str:
    """Return a colour as it looks through on white.

    Areas are filled with it rather than let the ground through, which would mix
    what is covered with what is not.
    """
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - 0.6 * (255 - c)):02x}" for c in channels)
