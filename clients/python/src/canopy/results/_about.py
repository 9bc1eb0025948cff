"""What an answer is about, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from google.protobuf.json_format import MessageToDict

from canopy.results import _words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canopy.v1 import provenance_pb2


@dataclass(frozen=True)
class AnswerWarning:
    """Something that a reader of an answer must know.

    The id is stable, such as terrain.demonstration; it is "input" for what was
    done to the caller's data. The subject is what the warning is about, such as
    a radar_id, and empty for the whole answer.
    """

    id: str
    message: str
    subject: str = ""

    def __str__(self) -> str:
        if self.subject and self.subject not in self.message:
            return f"{self.subject}: {self.message}"
        return self.message


@dataclass(frozen=True)
class About:
    """What pictures, pages and files say of an answer beside its content."""

    title: str
    warnings: Sequence[AnswerWarning]
    provenance: provenance_pb2.Provenance

    @property
    def terrain(self) -> str:
        """Name the terrain; empty where the answer stands on none."""
        if not self.provenance.terrain.name:
            return ""
        return "Terrain: " + _words.terrain_text(self.provenance.terrain)

    @property
    def basis(self) -> str:
        """Tell what the answer was computed on; of what was only looked up, the terrain."""
        if not self.provenance.engine_version:
            return self.terrain
        return "Stands on " + _words.basis_text(self.provenance)

    def warning_texts(self) -> list[str]:
        """Write warnings in a sentence each; of many that are alike, the first."""
        alike: dict[str, list[AnswerWarning]] = {}
        for warning in self.warnings:
            alike.setdefault(warning.id, []).append(warning)
        texts = []
        for first, *others in alike.values():
            text = str(first)
            if others:
                text += f" (and {len(others)} more of this kind: .warnings lists them)"
            texts.append(text)
        return texts

    def text(self) -> str:
        """Return all of it, line by line."""
        return "\n".join(filter(None, [self.title, self.basis, *self.warning_texts()]))

    def members(self) -> dict[str, object]:
        """Return what files hold beside the content, with the contract's names."""
        provenance = MessageToDict(self.provenance, preserving_proto_field_name=True)
        return {
            "warnings": [
                {"warning_id": w.id, "message": w.message, "subject": w.subject}
                for w in self.warnings
            ],
            "provenance": provenance,
        }
