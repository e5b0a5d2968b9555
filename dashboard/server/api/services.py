"""What can be reported in a city, as Open311 calls it: services, by matter or by category."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
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
    limit_h: float

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
        if self.limit_h:
            told.append(_attribute(len(told) + 1, "LIMIT_H", "number", f"{self.limit_h:g}"))
        return told


@dataclass(frozen=True)
class Services:
    """The services of a city, named in one language."""

    city: City
    lang: str

    @cached_property
    def every(self) -> dict[str, Service]:
        """By code: the matters, then the categories."""
        matters = [self._matter(row) for row in range(len(self.city.matters))]
        broad = [self._category(row) for row in range(len(self.city.categories))]
        return {service.code: service for service in (*matters, *broad)}

    def of_case(self, matter: int, category: int) -> Service:
        """The service of a case."""
        return self._matter(matter) if matter >= 0 else self._category(category)

    def department(self, row: int) -> str:
        """Name of a department; "" where there is none."""
        return self._name(self.city.departments, row) if row >= 0 else ""

    def _matter(self, row: int) -> Service:
        entry = self.city.matters.iloc[row]
        category = int(entry["category"])
        return Service(
            code=str(entry["key"]),
            name=self._name(self.city.matters, row),
            group=self._name(self.city.categories, category) if category >= 0 else "",
            category=category,
            matter=row,
            department=self.department(int(entry["department"])),
            limit_h=float(entry["limit_h"]),
        )

    def _category(self, row: int) -> Service:
        name = self._name(self.city.categories, row)
        key = self.city.categories["key"].iloc[row]
        return Service(f"{BROAD}{key}", name, name, row, -1, "", 0.0)

    def _name(self, table: pd.DataFrame, row: int) -> str:
        return str(table[f"name_{self.lang}"].iloc[row])


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
