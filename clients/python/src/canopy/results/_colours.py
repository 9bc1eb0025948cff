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
OUTLINE = "#777777"
SEEN = "#009e73"
UNSEEN = "#d55e00"
RADAR = "#000000"
AIRSTRIP = "#0072b2"
# Ground, its edge, and the floor of sight in a profile.
GROUND = "#d9cdb5"
CREST = "#6b5836"
FLOOR = "#0072b2"
