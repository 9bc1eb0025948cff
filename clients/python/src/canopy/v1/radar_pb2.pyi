from canopy.v1 import geometry_pb2 as _geometry_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Reach(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
    REACH_UNSPECIFIED: _ClassVar[Reach]
    REACH_DISC: _ClassVar[Reach]
    REACH_HORIZON: _ClassVar[Reach]
    REACH_TERRAIN: _ClassVar[Reach]

class RadarState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
    RADAR_STATE_UNSPECIFIED: _ClassVar[RadarState]
    RADAR_STATE_IN_SERVICE: _ClassVar[RadarState]
    RADAR_STATE_OUT_OF_SERVICE: _ClassVar[RadarState]
REACH_UNSPECIFIED: Reach
REACH_DISC: Reach
REACH_HORIZON: Reach
REACH_TERRAIN: Reach
RADAR_STATE_UNSPECIFIED: RadarState
RADAR_STATE_IN_SERVICE: RadarState
RADAR_STATE_OUT_OF_SERVICE: RadarState

class Sector(_message.Message):
    __slots__ = ["from_deg", "to_deg"]
    FROM_DEG_FIELD_NUMBER: _ClassVar[int]
    TO_DEG_FIELD_NUMBER: _ClassVar[int]
    from_deg: float
    to_deg: float
    def __init__(self, from_deg: _Optional[float] = ..., to_deg: _Optional[float] = ...) -> None: ...

class RadarLimits(_message.Message):
    __slots__ = ["range_km", "min_range_km", "min_elevation_deg", "max_elevation_deg", "height_limit_amsl_m", "sector"]
    RANGE_KM_FIELD_NUMBER: _ClassVar[int]
    MIN_RANGE_KM_FIELD_NUMBER: _ClassVar[int]
    MIN_ELEVATION_DEG_FIELD_NUMBER: _ClassVar[int]
    MAX_ELEVATION_DEG_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_LIMIT_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    SECTOR_FIELD_NUMBER: _ClassVar[int]
    range_km: float
    min_range_km: float
    min_elevation_deg: float
    max_elevation_deg: float
    height_limit_amsl_m: float
    sector: Sector
    def __init__(self, range_km: _Optional[float] = ..., min_range_km: _Optional[float] = ..., min_elevation_deg: _Optional[float] = ..., max_elevation_deg: _Optional[float] = ..., height_limit_amsl_m: _Optional[float] = ..., sector: _Optional[_Union[Sector, _Mapping]] = ...) -> None: ...

class RadarModel(_message.Message):
    __slots__ = ["model_id", "name", "band", "description", "cooperative", "limits", "mast_m", "sources", "assumptions", "frequency_mhz", "cost_usd"]
    MODEL_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    BAND_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    COOPERATIVE_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    MAST_M_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    ASSUMPTIONS_FIELD_NUMBER: _ClassVar[int]
    FREQUENCY_MHZ_FIELD_NUMBER: _ClassVar[int]
    COST_USD_FIELD_NUMBER: _ClassVar[int]
    model_id: str
    name: str
    band: str
    description: str
    cooperative: bool
    limits: RadarLimits
    mast_m: float
    sources: _containers.RepeatedScalarFieldContainer[str]
    assumptions: _containers.RepeatedScalarFieldContainer[str]
    frequency_mhz: float
    cost_usd: float
    def __init__(self, model_id: _Optional[str] = ..., name: _Optional[str] = ..., band: _Optional[str] = ..., description: _Optional[str] = ..., cooperative: bool = ..., limits: _Optional[_Union[RadarLimits, _Mapping]] = ..., mast_m: _Optional[float] = ..., sources: _Optional[_Iterable[str]] = ..., assumptions: _Optional[_Iterable[str]] = ..., frequency_mhz: _Optional[float] = ..., cost_usd: _Optional[float] = ...) -> None: ...

class Radar(_message.Message):
    __slots__ = ["radar_id", "name", "model_id", "position", "mast_m", "state", "limits", "effective_earth_k"]
    RADAR_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MODEL_ID_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    MAST_M_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_EARTH_K_FIELD_NUMBER: _ClassVar[int]
    radar_id: str
    name: str
    model_id: str
    position: _geometry_pb2.Position
    mast_m: float
    state: RadarState
    limits: RadarLimits
    effective_earth_k: float
    def __init__(self, radar_id: _Optional[str] = ..., name: _Optional[str] = ..., model_id: _Optional[str] = ..., position: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., mast_m: _Optional[float] = ..., state: _Optional[_Union[RadarState, str]] = ..., limits: _Optional[_Union[RadarLimits, _Mapping]] = ..., effective_earth_k: _Optional[float] = ...) -> None: ...

class ResolvedRadar(_message.Message):
    __slots__ = ["radar_id", "name", "model_id", "position", "ground_amsl_m", "antenna_amsl_m", "mast_m", "state", "limits", "effective_earth_k", "cooperative"]
    RADAR_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MODEL_ID_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    GROUND_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    ANTENNA_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    MAST_M_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_EARTH_K_FIELD_NUMBER: _ClassVar[int]
    COOPERATIVE_FIELD_NUMBER: _ClassVar[int]
    radar_id: str
    name: str
    model_id: str
    position: _geometry_pb2.Position
    ground_amsl_m: float
    antenna_amsl_m: float
    mast_m: float
    state: RadarState
    limits: RadarLimits
    effective_earth_k: float
    cooperative: bool
    def __init__(self, radar_id: _Optional[str] = ..., name: _Optional[str] = ..., model_id: _Optional[str] = ..., position: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., ground_amsl_m: _Optional[float] = ..., antenna_amsl_m: _Optional[float] = ..., mast_m: _Optional[float] = ..., state: _Optional[_Union[RadarState, str]] = ..., limits: _Optional[_Union[RadarLimits, _Mapping]] = ..., effective_earth_k: _Optional[float] = ..., cooperative: bool = ...) -> None: ...
