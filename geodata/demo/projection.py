"""From metres on the ground to longitude and latitude."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

if TYPE_CHECKING:
    from geodata.demo.arrays import Floats, Shapes, Table
    from geodata.demo.scales import Scale

WGS84: Final = "EPSG:4326"
DIGITS: Final = 7  # of a degree: 1 cm


class Projection:
    """Moves coordinates of one city; equal points stay equal to the last bit."""

    def __init__(self, scale: Scale) -> None:
        """Prepare the way from the city's metric system."""
        self._origin = np.array(scale.origin)
        self._transform = Transformer.from_crs(scale.crs, WGS84, always_xy=True).transform

    def points(self, points: Floats) -> Floats:
        """Move points (n × 2), rounded to 1e-7 degrees."""
        moved = points + self._origin
        lon, lat = self._transform(moved[:, 0], moved[:, 1])
        return np.column_stack([lon, lat]).round(DIGITS)

    def shapes(self, shapes: Shapes) -> Shapes:
        """Move shapes, all their points at once."""
        return np.asarray(shapely.transform(shapes, self.points))

    def frame(self, columns: Table) -> gpd.GeoDataFrame:
        """Make a frame of columns, with the ground shapes under `geometry` moved."""
        moved = {**columns, "geometry": self.shapes(columns["geometry"])}
        return gpd.GeoDataFrame(moved, geometry="geometry", crs=WGS84)
