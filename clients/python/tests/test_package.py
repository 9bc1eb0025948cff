"""What is shipped, and what is not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from conftest import ROOT
from google.protobuf.descriptor_pool import Default

import canopy
from canopy._catalogue import Catalogue
from canopy._siting import Siting
from canopy.v1 import coverage_pb2


def test_the_retry_policy_is_the_one_of_the_contract() -> None:
    shipped = files("canopy").joinpath("service_config.json").read_text("utf-8")
    assert shipped == (ROOT / "proto/canopy/v1/service_config.json").read_text("utf-8")
    (policy,) = json.loads(shipped)["methodConfig"]
    assert policy["retryPolicy"]["retryableStatusCodes"] == ["UNAVAILABLE"]


def test_the_contract_brings_no_rules_along() -> None:
    known = coverage_pb2.DESCRIPTOR.dependencies
    assert "canopy/v1/geometry.proto" in [file.name for file in known]
    try:
        Default().FindFileByName("buf/validate/validate.proto")
    except KeyError:
        return
    raise AssertionError("validate.proto would clash with that of other packages")


def test_heavy_packages_are_imported_when_they_are_needed() -> None:
    heavy = ("pandas", "geopandas", "shapely", "xarray", "rasterio", "matplotlib", "folium")
    program = f"import canopy, sys; print([m for m in {heavy} if m in sys.modules])"
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout == "[]\n"


def test_all_that_is_offered_is_there() -> None:
    assert all(hasattr(canopy, name) for name in canopy.__all__)
    assert files("canopy").joinpath("py.typed").is_file()


@pytest.mark.parametrize("readme", ["README.md", "clients/python/README.md"])
def test_the_example_of_the_readme_runs(readme: str, binary: Path, tmp_path: Path) -> None:
    page = (ROOT / readme).read_text("utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "canopy").symlink_to(binary)
    environment = os.environ | {"CANOPY_BINARY": str(binary), "MPLBACKEND": "agg"}
    example += 'gaps.save("example.geojson")\n'
    subprocess.run([sys.executable, "-c", example], cwd=tmp_path, env=environment, check=True)
    assert json.loads((tmp_path / "example.geojson").read_text("utf-8"))["features"]


def test_the_readme_names_what_there_is() -> None:
    page = (ROOT / "clients/python/README.md").read_text("utf-8")
    methods = {
        name for name in vars(canopy.Client) | vars(Siting) | vars(Catalogue) if name[0] != "_"
    }
    assert set(re.findall(r"`(\w+)\(", page)) >= methods
    errors = {name for name in canopy.__all__ if issubclass_of(name, canopy.CanopyError)}
    assert set(re.findall(r"`(\w+)`", page)) | {"CanopyError"} >= errors


def issubclass_of(name: str, kind: type) -> bool:
    found = getattr(canopy, name)
    return isinstance(found, type) and issubclass(found, kind)
