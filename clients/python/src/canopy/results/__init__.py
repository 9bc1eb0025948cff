"""Answers of the service, as data frames, arrays, maps, pictures and files.

Each holds the message that it was made from, its warnings, and its provenance.
What a question came from beside the message is given by the client: notes about
the caller's data become warnings, and outline finds the airspace that maps show
as their background.
"""

from canopy.results._about import AnswerWarning
from canopy.results._answer import Answer, Drawn, MapAnswer
from canopy.results.airstrips import Airstrips
from canopy.results.candidates import Candidates
from canopy.results.catalogue import Airspace, Airspaces, RadarModels, Scenario, Scenarios
from canopy.results.checks import Checks
from canopy.results.criticality import Criticality
from canopy.results.elevations import Elevations, TerrainInfo
from canopy.results.exposures import Exposures
from canopy.results.floor import Floor
from canopy.results.gaps import Gaps
from canopy.results.operations import Operations
from canopy.results.plan import Plan
from canopy.results.profile import Profile
from canopy.results.radars import Radars

__all__ = [
    "Airspace",
    "Airspaces",
    "Airstrips",
    "Answer",
    "AnswerWarning",
    "Candidates",
    "Checks",
    "Criticality",
    "Drawn",
    "Elevations",
    "Exposures",
    "Floor",
    "Gaps",
    "MapAnswer",
    "Operations",
    "Plan",
    "Profile",
    "RadarModels",
    "Radars",
    "Scenario",
    "Scenarios",
    "TerrainInfo",
]
