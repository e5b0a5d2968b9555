"""A published city as tables of a PostgreSQL server, for many machines to ask."""

from geodata.warehouse.errors import WarehouseError
from geodata.warehouse.loading import forget, load
from geodata.warehouse.session import Rows, Warehouse

__all__ = ["Rows", "Warehouse", "WarehouseError", "forget", "load"]
