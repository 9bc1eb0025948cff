from canopy.v1 import radar_pb2 as _radar_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Warning(_message.Message):
    __slots__ = ["warning_id", "message", "subject"]
    WARNING_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    warning_id: str
    message: str
    subject: str
    def __init__(self, warning_id: _Optional[str] = ..., message: _Optional[str] = ..., subject: _Optional[str] = ...) -> None: ...

class Terrain(_message.Message):
    __slots__ = ["name", "identity", "spacing_arcsec", "demonstration", "source", "licence"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    SPACING_ARCSEC_FIELD_NUMBER: _ClassVar[int]
    DEMONSTRATION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    LICENCE_FIELD_NUMBER: _ClassVar[int]
    name: str
    identity: str
    spacing_arcsec: float
    demonstration: bool
    source: str
    licence: str
    def __init__(self, name: _Optional[str] = ..., identity: _Optional[str] = ..., spacing_arcsec: _Optional[float] = ..., demonstration: bool = ..., source: _Optional[str] = ..., licence: _Optional[str] = ...) -> None: ...

class Provenance(_message.Message):
    __slots__ = ["engine_version", "terrain", "analysis_spacing_arcsec", "effective_earth_k", "scenario_id", "airspace", "assumptions", "reach", "min_radars"]
    ENGINE_VERSION_FIELD_NUMBER: _ClassVar[int]
    TERRAIN_FIELD_NUMBER: _ClassVar[int]
    ANALYSIS_SPACING_ARCSEC_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_EARTH_K_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    AIRSPACE_FIELD_NUMBER: _ClassVar[int]
    ASSUMPTIONS_FIELD_NUMBER: _ClassVar[int]
    REACH_FIELD_NUMBER: _ClassVar[int]
    MIN_RADARS_FIELD_NUMBER: _ClassVar[int]
    engine_version: str
    terrain: Terrain
    analysis_spacing_arcsec: float
    effective_earth_k: float
    scenario_id: str
    airspace: str
    assumptions: _containers.RepeatedScalarFieldContainer[str]
    reach: _radar_pb2.Reach
    min_radars: int
    def __init__(self, engine_version: _Optional[str] = ..., terrain: _Optional[_Union[Terrain, _Mapping]] = ..., analysis_spacing_arcsec: _Optional[float] = ..., effective_earth_k: _Optional[float] = ..., scenario_id: _Optional[str] = ..., airspace: _Optional[str] = ..., assumptions: _Optional[_Iterable[str]] = ..., reach: _Optional[_Union[_radar_pb2.Reach, str]] = ..., min_radars: _Optional[int] = ...) -> None: ...
