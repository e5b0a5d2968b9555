"""What can be reported in a city, as Open311 calls it: services, by matter or by category."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from dashboard.i18n import THIN
from dashboard.i18n.limits import limit_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

    from geodata.store.snapshots import City

BROAD: Final = "category."  # begins the code of a category's cases that have no matter
REALTIME: Final = "realtime"


@dataclass(frozen=True)
class Service:
    """One service: a matter, or a category for its cases without one."""

    code: str
    name: str
    group: str
    category: int
    matter: int  # −1 = none
    department: str  # its name; "" = none
    limit: str  # in words; "" = none

    def told(self) -> dict[str, Any]:
        """The service as Open311 writes it."""
        return {
            "service_code": self.code,
            "metadata": bool(self.attributes()),
            "type": REALTIME,
            "keywords": None,
            "group": self.group,
            "service_name": self.name,
            "description": None,
        }

    def attributes(self) -> list[dict[str, Any]]:
        """What is known of the service beforehand; nothing has to be filled in."""
        told: list[dict[str, Any]] = []
        if self.department:
            told.append(_attribute(len(told) + 1, "DEPARTMENT", "string", self.department))
        if self.limit:
            told.append(_attribute(len(told) + 1, "LIMIT", "string", self.limit))
        return told


@dataclass(frozen=True)
class Services:
    """The services of a city, named in one language."""

    city: City
    lang: str

    @cached_property
    def every(self) -> dict[str, Service]:
        """By code: the matters, then the categories."""
        return {service.code: service for service in (*self._matters, *self._broad)}

    @cached_property
    def departments(self) -> list[str]:
        """Names of the departments, "" after the last for none."""
        return [*self._names(self.city.departments), ""]

    def of_case(self, matter: int, category: int) -> Service:
        """The service of a case."""
        return self._matters[matter] if matter >= 0 else self._broad[category]

    @cached_property
    def _matters(self) -> list[Service]:
        table, groups = self.city.matters, [*self._names(self.city.categories), ""]
        names = self._names(table)
        return [
            Service(
                code=str(row["key"]),
                name=names[number],
                group=groups[int(row["category"])],
                category=int(row["category"]),
                matter=number,
                department=self.departments[int(row["department"])],
                limit=self._limit(row),
            )
            for number, row in enumerate(table.to_dict("records"))
        ]

    @cached_property
    def _broad(self) -> list[Service]:
        names = self._names(self.city.categories)
        keys = self.city.categories["key"]
        return [
            Service(f"{BROAD}{key}", names[row], names[row], row, -1, "", "")
            for row, key in enumerate(keys)
        ]

    def _limit(self, row: Mapping[Hashable, Any]) -> str:
        words = limit_text(float(row["limit"]), str(row["limit_kind"]), self.lang)
        return words.replace(THIN, " ")  # thin spaces are for screens

    def _names(self, table: pd.DataFrame) -> list[str]:
        return [str(name) for name in table[f"name_{self.lang}"]]


def _attribute(order: int, code: str, datatype: str, value: str) -> dict[str, Any]:
    return {
        "variable": False,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": None,
        "order": order,
        "description": value,
    }
