from canopy.v1 import geometry_pb2 as _geometry_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AirstripStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
    AIRSTRIP_STATUS_UNSPECIFIED: _ClassVar[AirstripStatus]
    AIRSTRIP_STATUS_ACTIVE: _ClassVar[AirstripStatus]
    AIRSTRIP_STATUS_CLOSED: _ClassVar[AirstripStatus]
    AIRSTRIP_STATUS_DESTROYED: _ClassVar[AirstripStatus]
AIRSTRIP_STATUS_UNSPECIFIED: AirstripStatus
AIRSTRIP_STATUS_ACTIVE: AirstripStatus
AIRSTRIP_STATUS_CLOSED: AirstripStatus
AIRSTRIP_STATUS_DESTROYED: AirstripStatus

class Airstrip(_message.Message):
    __slots__ = ["airstrip_id", "name", "position", "elevation_amsl_m", "length_m", "status", "kind", "municipality", "as_of", "source", "elevation_doubtful"]
    AIRSTRIP_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    ELEVATION_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    LENGTH_M_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MUNICIPALITY_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    ELEVATION_DOUBTFUL_FIELD_NUMBER: _ClassVar[int]
    airstrip_id: str
    name: str
    position: _geometry_pb2.Position
    elevation_amsl_m: float
    length_m: float
    status: AirstripStatus
    kind: str
    municipality: str
    as_of: str
    source: str
    elevation_doubtful: bool
    def __init__(self, airstrip_id: _Optional[str] = ..., name: _Optional[str] = ..., position: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., elevation_amsl_m: _Optional[float] = ..., length_m: _Optional[float] = ..., status: _Optional[_Union[AirstripStatus, str]] = ..., kind: _Optional[str] = ..., municipality: _Optional[str] = ..., as_of: _Optional[str] = ..., source: _Optional[str] = ..., elevation_doubtful: bool = ...) -> None: ...

class AirstripSelection(_message.Message):
    __slots__ = ["airstrips", "without_builtin"]
    AIRSTRIPS_FIELD_NUMBER: _ClassVar[int]
    WITHOUT_BUILTIN_FIELD_NUMBER: _ClassVar[int]
    airstrips: _containers.RepeatedCompositeFieldContainer[Airstrip]
    without_builtin: bool
    def __init__(self, airstrips: _Optional[_Iterable[_Union[Airstrip, _Mapping]]] = ..., without_builtin: bool = ...) -> None: ...
