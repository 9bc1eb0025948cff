from canopy.v1 import airstrip_pb2 as _airstrip_pb2
from canopy.v1 import coverage_pb2 as _coverage_pb2
from canopy.v1 import geometry_pb2 as _geometry_pb2
from canopy.v1 import provenance_pb2 as _provenance_pb2
from canopy.v1 import radar_pb2 as _radar_pb2
from google.longrunning import operations_pb2 as _operations_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PlanPhase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
    PLAN_PHASE_UNSPECIFIED: _ClassVar[PlanPhase]
    PLAN_PHASE_WAITING: _ClassVar[PlanPhase]
    PLAN_PHASE_CANDIDATES: _ClassVar[PlanPhase]
    PLAN_PHASE_SCREENING: _ClassVar[PlanPhase]
    PLAN_PHASE_SWEEPING: _ClassVar[PlanPhase]
    PLAN_PHASE_SEARCHING: _ClassVar[PlanPhase]
    PLAN_PHASE_MEASURING: _ClassVar[PlanPhase]
    PLAN_PHASE_DONE: _ClassVar[PlanPhase]

class PlanEnding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
    PLAN_ENDING_UNSPECIFIED: _ClassVar[PlanEnding]
    PLAN_ENDING_PROVEN: _ClassVar[PlanEnding]
    PLAN_ENDING_EXHAUSTED: _ClassVar[PlanEnding]
    PLAN_ENDING_TIME_LIMIT: _ClassVar[PlanEnding]
    PLAN_ENDING_CANCELLED: _ClassVar[PlanEnding]
    PLAN_ENDING_SERVER_STOPPED: _ClassVar[PlanEnding]
PLAN_PHASE_UNSPECIFIED: PlanPhase
PLAN_PHASE_WAITING: PlanPhase
PLAN_PHASE_CANDIDATES: PlanPhase
PLAN_PHASE_SCREENING: PlanPhase
PLAN_PHASE_SWEEPING: PlanPhase
PLAN_PHASE_SEARCHING: PlanPhase
PLAN_PHASE_MEASURING: PlanPhase
PLAN_PHASE_DONE: PlanPhase
PLAN_ENDING_UNSPECIFIED: PlanEnding
PLAN_ENDING_PROVEN: PlanEnding
PLAN_ENDING_EXHAUSTED: PlanEnding
PLAN_ENDING_TIME_LIMIT: PlanEnding
PLAN_ENDING_CANCELLED: PlanEnding
PLAN_ENDING_SERVER_STOPPED: PlanEnding

class Candidate(_message.Message):
    __slots__ = ["radar", "cost_usd", "fixed", "forbidden", "reason"]
    RADAR_FIELD_NUMBER: _ClassVar[int]
    COST_USD_FIELD_NUMBER: _ClassVar[int]
    FIXED_FIELD_NUMBER: _ClassVar[int]
    FORBIDDEN_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    radar: _radar_pb2.Radar
    cost_usd: float
    fixed: bool
    forbidden: bool
    reason: str
    def __init__(self, radar: _Optional[_Union[_radar_pb2.Radar, _Mapping]] = ..., cost_usd: _Optional[float] = ..., fixed: bool = ..., forbidden: bool = ..., reason: _Optional[str] = ...) -> None: ...

class CandidateSelection(_message.Message):
    __slots__ = ["candidates", "search"]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    SEARCH_FIELD_NUMBER: _ClassVar[int]
    candidates: _containers.RepeatedCompositeFieldContainer[Candidate]
    search: CandidateSearch
    def __init__(self, candidates: _Optional[_Iterable[_Union[Candidate, _Mapping]]] = ..., search: _Optional[_Union[CandidateSearch, _Mapping]] = ...) -> None: ...

class CandidateSearch(_message.Message):
    __slots__ = ["within", "airstrips", "without_airstrips", "near_access_km", "thin_km", "max_count", "model_id", "mast_m"]
    WITHIN_FIELD_NUMBER: _ClassVar[int]
    AIRSTRIPS_FIELD_NUMBER: _ClassVar[int]
    WITHOUT_AIRSTRIPS_FIELD_NUMBER: _ClassVar[int]
    NEAR_ACCESS_KM_FIELD_NUMBER: _ClassVar[int]
    THIN_KM_FIELD_NUMBER: _ClassVar[int]
    MAX_COUNT_FIELD_NUMBER: _ClassVar[int]
    MODEL_ID_FIELD_NUMBER: _ClassVar[int]
    MAST_M_FIELD_NUMBER: _ClassVar[int]
    within: _coverage_pb2.AirspaceSelection
    airstrips: _airstrip_pb2.AirstripSelection
    without_airstrips: bool
    near_access_km: float
    thin_km: float
    max_count: int
    model_id: str
    mast_m: float
    def __init__(self, within: _Optional[_Union[_coverage_pb2.AirspaceSelection, _Mapping]] = ..., airstrips: _Optional[_Union[_airstrip_pb2.AirstripSelection, _Mapping]] = ..., without_airstrips: bool = ..., near_access_km: _Optional[float] = ..., thin_km: _Optional[float] = ..., max_count: _Optional[int] = ..., model_id: _Optional[str] = ..., mast_m: _Optional[float] = ...) -> None: ...

class FindCandidatesRequest(_message.Message):
    __slots__ = ["search"]
    SEARCH_FIELD_NUMBER: _ClassVar[int]
    search: CandidateSearch
    def __init__(self, search: _Optional[_Union[CandidateSearch, _Mapping]] = ...) -> None: ...

class FindCandidatesResponse(_message.Message):
    __slots__ = ["candidates", "warnings", "provenance"]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    candidates: _containers.RepeatedCompositeFieldContainer[Candidate]
    warnings: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.Warning]
    provenance: _provenance_pb2.Provenance
    def __init__(self, candidates: _Optional[_Iterable[_Union[Candidate, _Mapping]]] = ..., warnings: _Optional[_Iterable[_Union[_provenance_pb2.Warning, _Mapping]]] = ..., provenance: _Optional[_Union[_provenance_pb2.Provenance, _Mapping]] = ...) -> None: ...

class SuggestSitesRequest(_message.Message):
    __slots__ = ["gaps", "candidates"]
    GAPS_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    gaps: _coverage_pb2.FindGapsRequest
    candidates: CandidateSelection
    def __init__(self, gaps: _Optional[_Union[_coverage_pb2.FindGapsRequest, _Mapping]] = ..., candidates: _Optional[_Union[CandidateSelection, _Mapping]] = ...) -> None: ...

class SuggestSitesResponse(_message.Message):
    __slots__ = ["gaps", "suggestions", "candidate_count", "warnings"]
    GAPS_FIELD_NUMBER: _ClassVar[int]
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_COUNT_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    gaps: _coverage_pb2.FindGapsResponse
    suggestions: _containers.RepeatedCompositeFieldContainer[GapSuggestion]
    candidate_count: int
    warnings: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.Warning]
    def __init__(self, gaps: _Optional[_Union[_coverage_pb2.FindGapsResponse, _Mapping]] = ..., suggestions: _Optional[_Iterable[_Union[GapSuggestion, _Mapping]]] = ..., candidate_count: _Optional[int] = ..., warnings: _Optional[_Iterable[_Union[_provenance_pb2.Warning, _Mapping]]] = ...) -> None: ...

class GapSuggestion(_message.Message):
    __slots__ = ["gap_id", "candidate", "closed_area_km2", "closed_share", "airstrip_ids"]
    GAP_ID_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    CLOSED_AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    CLOSED_SHARE_FIELD_NUMBER: _ClassVar[int]
    AIRSTRIP_IDS_FIELD_NUMBER: _ClassVar[int]
    gap_id: str
    candidate: Candidate
    closed_area_km2: float
    closed_share: float
    airstrip_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, gap_id: _Optional[str] = ..., candidate: _Optional[_Union[Candidate, _Mapping]] = ..., closed_area_km2: _Optional[float] = ..., closed_share: _Optional[float] = ..., airstrip_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class PlanObjective(_message.Message):
    __slots__ = ["altitudes", "count_weights", "zones", "areas", "airstrips"]
    ALTITUDES_FIELD_NUMBER: _ClassVar[int]
    COUNT_WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    ZONES_FIELD_NUMBER: _ClassVar[int]
    AREAS_FIELD_NUMBER: _ClassVar[int]
    AIRSTRIPS_FIELD_NUMBER: _ClassVar[int]
    altitudes: _containers.RepeatedCompositeFieldContainer[AltitudeWeight]
    count_weights: _containers.RepeatedScalarFieldContainer[float]
    zones: _containers.RepeatedCompositeFieldContainer[ZoneWeight]
    areas: _containers.RepeatedCompositeFieldContainer[AreaExposure]
    airstrips: AirstripObjective
    def __init__(self, altitudes: _Optional[_Iterable[_Union[AltitudeWeight, _Mapping]]] = ..., count_weights: _Optional[_Iterable[float]] = ..., zones: _Optional[_Iterable[_Union[ZoneWeight, _Mapping]]] = ..., areas: _Optional[_Iterable[_Union[AreaExposure, _Mapping]]] = ..., airstrips: _Optional[_Union[AirstripObjective, _Mapping]] = ...) -> None: ...

class AltitudeWeight(_message.Message):
    __slots__ = ["altitude", "weight"]
    ALTITUDE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    altitude: _geometry_pb2.Altitude
    weight: float
    def __init__(self, altitude: _Optional[_Union[_geometry_pb2.Altitude, _Mapping]] = ..., weight: _Optional[float] = ...) -> None: ...

class ZoneWeight(_message.Message):
    __slots__ = ["zone", "weight"]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    zone: _coverage_pb2.AirspaceSelection
    weight: float
    def __init__(self, zone: _Optional[_Union[_coverage_pb2.AirspaceSelection, _Mapping]] = ..., weight: _Optional[float] = ...) -> None: ...

class AreaExposure(_message.Message):
    __slots__ = ["area", "altitude", "weight"]
    AREA_FIELD_NUMBER: _ClassVar[int]
    ALTITUDE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    area: _coverage_pb2.AirspaceSelection
    altitude: _geometry_pb2.Altitude
    weight: float
    def __init__(self, area: _Optional[_Union[_coverage_pb2.AirspaceSelection, _Mapping]] = ..., altitude: _Optional[_Union[_geometry_pb2.Altitude, _Mapping]] = ..., weight: _Optional[float] = ...) -> None: ...

class AirstripObjective(_message.Message):
    __slots__ = ["airstrips", "max_agl_m", "weight_km2"]
    AIRSTRIPS_FIELD_NUMBER: _ClassVar[int]
    MAX_AGL_M_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_KM2_FIELD_NUMBER: _ClassVar[int]
    airstrips: _airstrip_pb2.AirstripSelection
    max_agl_m: float
    weight_km2: float
    def __init__(self, airstrips: _Optional[_Union[_airstrip_pb2.AirstripSelection, _Mapping]] = ..., max_agl_m: _Optional[float] = ..., weight_km2: _Optional[float] = ...) -> None: ...

class PlanConstraints(_message.Message):
    __slots__ = ["max_count", "budget_usd", "min_spacing_km", "models", "costs"]
    MAX_COUNT_FIELD_NUMBER: _ClassVar[int]
    BUDGET_USD_FIELD_NUMBER: _ClassVar[int]
    MIN_SPACING_KM_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    COSTS_FIELD_NUMBER: _ClassVar[int]
    max_count: int
    budget_usd: float
    min_spacing_km: float
    models: _containers.RepeatedCompositeFieldContainer[ModelLimit]
    costs: _containers.RepeatedCompositeFieldContainer[ModelCost]
    def __init__(self, max_count: _Optional[int] = ..., budget_usd: _Optional[float] = ..., min_spacing_km: _Optional[float] = ..., models: _Optional[_Iterable[_Union[ModelLimit, _Mapping]]] = ..., costs: _Optional[_Iterable[_Union[ModelCost, _Mapping]]] = ...) -> None: ...

class ModelLimit(_message.Message):
    __slots__ = ["model_id", "max_count"]
    MODEL_ID_FIELD_NUMBER: _ClassVar[int]
    MAX_COUNT_FIELD_NUMBER: _ClassVar[int]
    model_id: str
    max_count: int
    def __init__(self, model_id: _Optional[str] = ..., max_count: _Optional[int] = ...) -> None: ...

class ModelCost(_message.Message):
    __slots__ = ["model_id", "cost_usd"]
    MODEL_ID_FIELD_NUMBER: _ClassVar[int]
    COST_USD_FIELD_NUMBER: _ClassVar[int]
    model_id: str
    cost_usd: float
    def __init__(self, model_id: _Optional[str] = ..., cost_usd: _Optional[float] = ...) -> None: ...

class PlanEffort(_message.Message):
    __slots__ = ["time_limit", "gap_percent", "seed", "without_screening"]
    TIME_LIMIT_FIELD_NUMBER: _ClassVar[int]
    GAP_PERCENT_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    WITHOUT_SCREENING_FIELD_NUMBER: _ClassVar[int]
    time_limit: _duration_pb2.Duration
    gap_percent: float
    seed: int
    without_screening: bool
    def __init__(self, time_limit: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., gap_percent: _Optional[float] = ..., seed: _Optional[int] = ..., without_screening: bool = ...) -> None: ...

class PlanNetworkRequest(_message.Message):
    __slots__ = ["existing", "airspace", "options", "candidates", "objective", "constraints", "effort"]
    EXISTING_FIELD_NUMBER: _ClassVar[int]
    AIRSPACE_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    EFFORT_FIELD_NUMBER: _ClassVar[int]
    existing: _coverage_pb2.NetworkSelection
    airspace: _coverage_pb2.AirspaceSelection
    options: _coverage_pb2.CoverageOptions
    candidates: CandidateSelection
    objective: PlanObjective
    constraints: PlanConstraints
    effort: PlanEffort
    def __init__(self, existing: _Optional[_Union[_coverage_pb2.NetworkSelection, _Mapping]] = ..., airspace: _Optional[_Union[_coverage_pb2.AirspaceSelection, _Mapping]] = ..., options: _Optional[_Union[_coverage_pb2.CoverageOptions, _Mapping]] = ..., candidates: _Optional[_Union[CandidateSelection, _Mapping]] = ..., objective: _Optional[_Union[PlanObjective, _Mapping]] = ..., constraints: _Optional[_Union[PlanConstraints, _Mapping]] = ..., effort: _Optional[_Union[PlanEffort, _Mapping]] = ...) -> None: ...

class PlanNetworkMetadata(_message.Message):
    __slots__ = ["phase", "share", "doing", "candidate_count", "candidates_swept", "objective_km2", "upper_bound_km2", "create_time", "end_time", "request"]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    DOING_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_COUNT_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_SWEPT_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_KM2_FIELD_NUMBER: _ClassVar[int]
    UPPER_BOUND_KM2_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    phase: PlanPhase
    share: float
    doing: str
    candidate_count: int
    candidates_swept: int
    objective_km2: float
    upper_bound_km2: float
    create_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    request: PlanNetworkRequest
    def __init__(self, phase: _Optional[_Union[PlanPhase, str]] = ..., share: _Optional[float] = ..., doing: _Optional[str] = ..., candidate_count: _Optional[int] = ..., candidates_swept: _Optional[int] = ..., objective_km2: _Optional[float] = ..., upper_bound_km2: _Optional[float] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., request: _Optional[_Union[PlanNetworkRequest, _Mapping]] = ...) -> None: ...

class PlanNetworkResponse(_message.Message):
    __slots__ = ["steps", "existing", "objective_km2", "upper_bound_km2", "gap_percent", "possible_km2", "ending", "cost_usd", "curve", "candidates", "gaps", "criticality", "radars", "warnings", "provenance", "seed"]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    EXISTING_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_KM2_FIELD_NUMBER: _ClassVar[int]
    UPPER_BOUND_KM2_FIELD_NUMBER: _ClassVar[int]
    GAP_PERCENT_FIELD_NUMBER: _ClassVar[int]
    POSSIBLE_KM2_FIELD_NUMBER: _ClassVar[int]
    ENDING_FIELD_NUMBER: _ClassVar[int]
    COST_USD_FIELD_NUMBER: _ClassVar[int]
    CURVE_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    GAPS_FIELD_NUMBER: _ClassVar[int]
    CRITICALITY_FIELD_NUMBER: _ClassVar[int]
    RADARS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    steps: _containers.RepeatedCompositeFieldContainer[PlanStep]
    existing: PlanStage
    objective_km2: float
    upper_bound_km2: float
    gap_percent: float
    possible_km2: float
    ending: PlanEnding
    cost_usd: float
    curve: _containers.RepeatedCompositeFieldContainer[PlanCurvePoint]
    candidates: PlanCandidates
    gaps: _containers.RepeatedCompositeFieldContainer[PlannedGap]
    criticality: Criticality
    radars: _containers.RepeatedCompositeFieldContainer[_radar_pb2.ResolvedRadar]
    warnings: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.Warning]
    provenance: _provenance_pb2.Provenance
    seed: int
    def __init__(self, steps: _Optional[_Iterable[_Union[PlanStep, _Mapping]]] = ..., existing: _Optional[_Union[PlanStage, _Mapping]] = ..., objective_km2: _Optional[float] = ..., upper_bound_km2: _Optional[float] = ..., gap_percent: _Optional[float] = ..., possible_km2: _Optional[float] = ..., ending: _Optional[_Union[PlanEnding, str]] = ..., cost_usd: _Optional[float] = ..., curve: _Optional[_Iterable[_Union[PlanCurvePoint, _Mapping]]] = ..., candidates: _Optional[_Union[PlanCandidates, _Mapping]] = ..., gaps: _Optional[_Iterable[_Union[PlannedGap, _Mapping]]] = ..., criticality: _Optional[_Union[Criticality, _Mapping]] = ..., radars: _Optional[_Iterable[_Union[_radar_pb2.ResolvedRadar, _Mapping]]] = ..., warnings: _Optional[_Iterable[_Union[_provenance_pb2.Warning, _Mapping]]] = ..., provenance: _Optional[_Union[_provenance_pb2.Provenance, _Mapping]] = ..., seed: _Optional[int] = ...) -> None: ...

class PlanStage(_message.Message):
    __slots__ = ["objective_km2", "objective_share", "bands", "airstrips_seen"]
    OBJECTIVE_KM2_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_SHARE_FIELD_NUMBER: _ClassVar[int]
    BANDS_FIELD_NUMBER: _ClassVar[int]
    AIRSTRIPS_SEEN_FIELD_NUMBER: _ClassVar[int]
    objective_km2: float
    objective_share: float
    bands: _containers.RepeatedCompositeFieldContainer[PlanBand]
    airstrips_seen: int
    def __init__(self, objective_km2: _Optional[float] = ..., objective_share: _Optional[float] = ..., bands: _Optional[_Iterable[_Union[PlanBand, _Mapping]]] = ..., airstrips_seen: _Optional[int] = ...) -> None: ...

class PlanBand(_message.Message):
    __slots__ = ["altitude", "covered_area_km2", "covered_share"]
    ALTITUDE_FIELD_NUMBER: _ClassVar[int]
    COVERED_AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    COVERED_SHARE_FIELD_NUMBER: _ClassVar[int]
    altitude: _geometry_pb2.Altitude
    covered_area_km2: float
    covered_share: float
    def __init__(self, altitude: _Optional[_Union[_geometry_pb2.Altitude, _Mapping]] = ..., covered_area_km2: _Optional[float] = ..., covered_share: _Optional[float] = ...) -> None: ...

class PlanStep(_message.Message):
    __slots__ = ["candidate", "added_objective_km2", "stage", "cost_usd", "closes"]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    ADDED_OBJECTIVE_KM2_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    COST_USD_FIELD_NUMBER: _ClassVar[int]
    CLOSES_FIELD_NUMBER: _ClassVar[int]
    candidate: Candidate
    added_objective_km2: float
    stage: PlanStage
    cost_usd: float
    closes: _containers.RepeatedCompositeFieldContainer[ClosedGap]
    def __init__(self, candidate: _Optional[_Union[Candidate, _Mapping]] = ..., added_objective_km2: _Optional[float] = ..., stage: _Optional[_Union[PlanStage, _Mapping]] = ..., cost_usd: _Optional[float] = ..., closes: _Optional[_Iterable[_Union[ClosedGap, _Mapping]]] = ...) -> None: ...

class ClosedGap(_message.Message):
    __slots__ = ["gap_id", "area_km2", "share"]
    GAP_ID_FIELD_NUMBER: _ClassVar[int]
    AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    gap_id: str
    area_km2: float
    share: float
    def __init__(self, gap_id: _Optional[str] = ..., area_km2: _Optional[float] = ..., share: _Optional[float] = ...) -> None: ...

class PlannedGap(_message.Message):
    __slots__ = ["gap_id", "altitude", "area_km2", "point_inside", "departments"]
    GAP_ID_FIELD_NUMBER: _ClassVar[int]
    ALTITUDE_FIELD_NUMBER: _ClassVar[int]
    AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    POINT_INSIDE_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENTS_FIELD_NUMBER: _ClassVar[int]
    gap_id: str
    altitude: _geometry_pb2.Altitude
    area_km2: float
    point_inside: _geometry_pb2.Position
    departments: _containers.RepeatedCompositeFieldContainer[_coverage_pb2.DepartmentShare]
    def __init__(self, gap_id: _Optional[str] = ..., altitude: _Optional[_Union[_geometry_pb2.Altitude, _Mapping]] = ..., area_km2: _Optional[float] = ..., point_inside: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., departments: _Optional[_Iterable[_Union[_coverage_pb2.DepartmentShare, _Mapping]]] = ...) -> None: ...

class PlanCurvePoint(_message.Message):
    __slots__ = ["radar_count", "cost_usd", "objective_km2", "upper_bound_km2"]
    RADAR_COUNT_FIELD_NUMBER: _ClassVar[int]
    COST_USD_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_KM2_FIELD_NUMBER: _ClassVar[int]
    UPPER_BOUND_KM2_FIELD_NUMBER: _ClassVar[int]
    radar_count: int
    cost_usd: float
    objective_km2: float
    upper_bound_km2: float
    def __init__(self, radar_count: _Optional[int] = ..., cost_usd: _Optional[float] = ..., objective_km2: _Optional[float] = ..., upper_bound_km2: _Optional[float] = ...) -> None: ...

class PlanCandidates(_message.Message):
    __slots__ = ["candidate_count", "excluded_count", "screened_out_count", "screening_spacing_arcsec", "searched_count", "demand_count", "demand_spacing_arcsec"]
    CANDIDATE_COUNT_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SCREENED_OUT_COUNT_FIELD_NUMBER: _ClassVar[int]
    SCREENING_SPACING_ARCSEC_FIELD_NUMBER: _ClassVar[int]
    SEARCHED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DEMAND_COUNT_FIELD_NUMBER: _ClassVar[int]
    DEMAND_SPACING_ARCSEC_FIELD_NUMBER: _ClassVar[int]
    candidate_count: int
    excluded_count: int
    screened_out_count: int
    screening_spacing_arcsec: float
    searched_count: int
    demand_count: int
    demand_spacing_arcsec: float
    def __init__(self, candidate_count: _Optional[int] = ..., excluded_count: _Optional[int] = ..., screened_out_count: _Optional[int] = ..., screening_spacing_arcsec: _Optional[float] = ..., searched_count: _Optional[int] = ..., demand_count: _Optional[int] = ..., demand_spacing_arcsec: _Optional[float] = ...) -> None: ...

class AssessCriticalityRequest(_message.Message):
    __slots__ = ["network", "airspace", "altitudes", "options", "airstrips", "max_airstrip_agl_m", "zones", "availability", "availabilities"]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    AIRSPACE_FIELD_NUMBER: _ClassVar[int]
    ALTITUDES_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    AIRSTRIPS_FIELD_NUMBER: _ClassVar[int]
    MAX_AIRSTRIP_AGL_M_FIELD_NUMBER: _ClassVar[int]
    ZONES_FIELD_NUMBER: _ClassVar[int]
    AVAILABILITY_FIELD_NUMBER: _ClassVar[int]
    AVAILABILITIES_FIELD_NUMBER: _ClassVar[int]
    network: _coverage_pb2.NetworkSelection
    airspace: _coverage_pb2.AirspaceSelection
    altitudes: _containers.RepeatedCompositeFieldContainer[_geometry_pb2.Altitude]
    options: _coverage_pb2.CoverageOptions
    airstrips: _airstrip_pb2.AirstripSelection
    max_airstrip_agl_m: float
    zones: _containers.RepeatedCompositeFieldContainer[_coverage_pb2.AirspaceSelection]
    availability: float
    availabilities: _containers.RepeatedCompositeFieldContainer[RadarAvailability]
    def __init__(self, network: _Optional[_Union[_coverage_pb2.NetworkSelection, _Mapping]] = ..., airspace: _Optional[_Union[_coverage_pb2.AirspaceSelection, _Mapping]] = ..., altitudes: _Optional[_Iterable[_Union[_geometry_pb2.Altitude, _Mapping]]] = ..., options: _Optional[_Union[_coverage_pb2.CoverageOptions, _Mapping]] = ..., airstrips: _Optional[_Union[_airstrip_pb2.AirstripSelection, _Mapping]] = ..., max_airstrip_agl_m: _Optional[float] = ..., zones: _Optional[_Iterable[_Union[_coverage_pb2.AirspaceSelection, _Mapping]]] = ..., availability: _Optional[float] = ..., availabilities: _Optional[_Iterable[_Union[RadarAvailability, _Mapping]]] = ...) -> None: ...

class RadarAvailability(_message.Message):
    __slots__ = ["radar_id", "availability"]
    RADAR_ID_FIELD_NUMBER: _ClassVar[int]
    AVAILABILITY_FIELD_NUMBER: _ClassVar[int]
    radar_id: str
    availability: float
    def __init__(self, radar_id: _Optional[str] = ..., availability: _Optional[float] = ...) -> None: ...

class AssessCriticalityResponse(_message.Message):
    __slots__ = ["criticality", "radars", "warnings", "provenance"]
    CRITICALITY_FIELD_NUMBER: _ClassVar[int]
    RADARS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    criticality: Criticality
    radars: _containers.RepeatedCompositeFieldContainer[_radar_pb2.ResolvedRadar]
    warnings: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.Warning]
    provenance: _provenance_pb2.Provenance
    def __init__(self, criticality: _Optional[_Union[Criticality, _Mapping]] = ..., radars: _Optional[_Iterable[_Union[_radar_pb2.ResolvedRadar, _Mapping]]] = ..., warnings: _Optional[_Iterable[_Union[_provenance_pb2.Warning, _Mapping]]] = ..., provenance: _Optional[_Union[_provenance_pb2.Provenance, _Mapping]] = ...) -> None: ...

class Criticality(_message.Message):
    __slots__ = ["bands", "radars", "pair", "airstrips_seen", "availability", "zones"]
    BANDS_FIELD_NUMBER: _ClassVar[int]
    RADARS_FIELD_NUMBER: _ClassVar[int]
    PAIR_FIELD_NUMBER: _ClassVar[int]
    AIRSTRIPS_SEEN_FIELD_NUMBER: _ClassVar[int]
    AVAILABILITY_FIELD_NUMBER: _ClassVar[int]
    ZONES_FIELD_NUMBER: _ClassVar[int]
    bands: _containers.RepeatedCompositeFieldContainer[CriticalityBand]
    radars: _containers.RepeatedCompositeFieldContainer[RadarLoss]
    pair: RedundantPair
    airstrips_seen: int
    availability: float
    zones: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, bands: _Optional[_Iterable[_Union[CriticalityBand, _Mapping]]] = ..., radars: _Optional[_Iterable[_Union[RadarLoss, _Mapping]]] = ..., pair: _Optional[_Union[RedundantPair, _Mapping]] = ..., airstrips_seen: _Optional[int] = ..., availability: _Optional[float] = ..., zones: _Optional[_Iterable[str]] = ...) -> None: ...

class CriticalityBand(_message.Message):
    __slots__ = ["altitude", "airspace_area_km2", "covered_area_km2", "covered_share", "expected_covered_area_km2", "expected_covered_share", "area_by_count_km2"]
    ALTITUDE_FIELD_NUMBER: _ClassVar[int]
    AIRSPACE_AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    COVERED_AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    COVERED_SHARE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_COVERED_AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_COVERED_SHARE_FIELD_NUMBER: _ClassVar[int]
    AREA_BY_COUNT_KM2_FIELD_NUMBER: _ClassVar[int]
    altitude: _geometry_pb2.Altitude
    airspace_area_km2: float
    covered_area_km2: float
    covered_share: float
    expected_covered_area_km2: float
    expected_covered_share: float
    area_by_count_km2: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, altitude: _Optional[_Union[_geometry_pb2.Altitude, _Mapping]] = ..., airspace_area_km2: _Optional[float] = ..., covered_area_km2: _Optional[float] = ..., covered_share: _Optional[float] = ..., expected_covered_area_km2: _Optional[float] = ..., expected_covered_share: _Optional[float] = ..., area_by_count_km2: _Optional[_Iterable[float]] = ...) -> None: ...

class RadarLoss(_message.Message):
    __slots__ = ["radar_id", "bands", "airstrip_ids"]
    RADAR_ID_FIELD_NUMBER: _ClassVar[int]
    BANDS_FIELD_NUMBER: _ClassVar[int]
    AIRSTRIP_IDS_FIELD_NUMBER: _ClassVar[int]
    radar_id: str
    bands: _containers.RepeatedCompositeFieldContainer[BandLoss]
    airstrip_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, radar_id: _Optional[str] = ..., bands: _Optional[_Iterable[_Union[BandLoss, _Mapping]]] = ..., airstrip_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class BandLoss(_message.Message):
    __slots__ = ["lost_area_km2", "lost_share", "zones_lost_km2"]
    LOST_AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    LOST_SHARE_FIELD_NUMBER: _ClassVar[int]
    ZONES_LOST_KM2_FIELD_NUMBER: _ClassVar[int]
    lost_area_km2: float
    lost_share: float
    zones_lost_km2: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, lost_area_km2: _Optional[float] = ..., lost_share: _Optional[float] = ..., zones_lost_km2: _Optional[_Iterable[float]] = ...) -> None: ...

class RedundantPair(_message.Message):
    __slots__ = ["radar_ids", "areas_km2"]
    RADAR_IDS_FIELD_NUMBER: _ClassVar[int]
    AREAS_KM2_FIELD_NUMBER: _ClassVar[int]
    radar_ids: _containers.RepeatedScalarFieldContainer[str]
    areas_km2: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, radar_ids: _Optional[_Iterable[str]] = ..., areas_km2: _Optional[_Iterable[float]] = ...) -> None: ...
