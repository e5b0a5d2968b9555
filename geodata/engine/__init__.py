"""The query engine: one request, all numbers of a screen."""

from geodata.engine.numbers import Numbers
from geodata.engine.request import Request
from geodata.engine.duck import Engine

__all__ = ["Engine", "Numbers", "Request"]
