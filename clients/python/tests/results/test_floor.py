"""Floors as arrays and files."""

from __future__ import annotations

import gc
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
import rasterio
import xarray

from canopy import results

from . import messages

if TYPE_CHECKING:
    from pathlib import Path


def test_an_array_lies_where_the_posts_lie() -> None:
    floor = messages.floor()
    array = floor.to_xarray()
    grid = floor.summary.grid
    assert array.name == "floor_amsl_m"
    assert array.shape == (floor.summary.rows, floor.summary.columns)
    assert float(array.x[0]) == pytest.approx(grid.first_post.lon_deg)
    assert float(array.y[0]) == pytest.approx(grid.first_post.lat_deg)
    assert float(array.x[1] - array.x[0]) == pytest.approx(grid.lon_step_deg)
    assert float(array.y[0] - array.y[1]) == pytest.approx(grid.lat_step_deg)


def test_an_array_is_described_as_cf_asks() -> None:
    array = messages.floor().to_xarray()
    assert array.attrs["units"] == "m"
    assert array.attrs["standard_name"] == "altitude"
    assert array.attrs["vertical_datum"] == messages.floor().vertical_datum != ""
    assert "SRTM30" in array.attrs["terrain"]
    assert "DEMONSTRATION" in array.attrs["warnings"]
    assert array.x.attrs["standard_name"] == "longitude"
    assert array.y.attrs["units"] == "degrees_north"
    assert array.rio.crs.to_epsg() == 4326
    assert array.encoding["_FillValue"] == array.rio.encoded_nodata == -32768


def test_an_array_holds_the_values_of_the_file() -> None:
    array = messages.floor().to_xarray()
    with rasterio.open(messages.FLOOR_TIF) as file:
        values = file.read(1)
        assert file.nodata == messages.floor().summary.nodata_amsl_m == -32768
    assert np.array_equal(np.isnan(array.values), values == -32768)
    assert np.array_equal(array.values[values != -32768], values[values != -32768])
    assert np.isnan(array.values).any()


# rioxarray's, with affine 3.
@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
def test_an_array_is_clipped_by_rioxarray() -> None:
    array = messages.floor().to_xarray()
    clipped = array.rio.clip_box(minx=-74.6, miny=-11.4, maxx=-74.4, maxy=-11.2)
    assert 0 < clipped.size < array.size


# netCDF4's wheels, with NumPy before 2, where the larger size does no harm.
@pytest.mark.filterwarnings("ignore:numpy.ndarray size changed:RuntimeWarning")
def test_an_array_goes_to_netcdf_and_back(tmp_path: Path) -> None:
    array = messages.floor().to_xarray()
    array.to_netcdf(tmp_path / "floor.nc")
    with xarray.open_dataarray(tmp_path / "floor.nc") as read:
        assert np.array_equal(read.values, array.values, equal_nan=True)


def test_saving(tmp_path: Path) -> None:
    floor = messages.floor()
    floor.save(tmp_path / "floor.tif")
    assert (tmp_path / "floor.tif").read_bytes() == messages.FLOOR_TIF.read_bytes()
    floor.save(tmp_path / "floor.PNG")
    assert (tmp_path / "floor.PNG").read_bytes().startswith(b"\x89PNG")


def test_a_temporary_file_goes_with_its_floor(tmp_path: Path) -> None:
    path = tmp_path / "floor.tif"
    shutil.copyfile(messages.FLOOR_TIF, path)
    floor = results.Floor(messages.floor().summary, path, temporary=True)
    array = floor.to_xarray()
    assert path.exists()
    del floor
    gc.collect()
    assert not path.exists()
    assert np.isfinite(array.values).any()


def test_radars_of_a_floor() -> None:
    assert [r.radar_id for r in messages.floor().radars] == ["mazamari"]
    assert messages.floor().message.columns == 39
