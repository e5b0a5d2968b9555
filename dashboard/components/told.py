"""What the browser is told besides what it shows; `assets/map/told.js` hands it on."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component


class Told(Component):
    """A store whose data reaches the map in the moment in which the panels of an answer appear.

    A callback in the browser would have it a tenth of a second later, behind the charts.
    """

    _namespace = "yiping"
    _type = "Told"

    def __init__(self, id: str, data: dict[str, Any] | None = None) -> None:  # noqa: A002 - Dash's
        """Take the id that callbacks write to."""
        self._prop_names = ["id", "data"]
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = self._prop_names
        self.available_wildcard_properties: list[str] = []
        given = {} if data is None else {"data": data}
        super().__init__(id=id, **given)  # type: ignore[no-untyped-call]
