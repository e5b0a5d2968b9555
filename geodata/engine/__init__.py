"""The query engine: one request, all numbers of a screen."""

from geodata.engine.choice import load, open_engine
from geodata.engine.duck import Engine
from geodata.engine.numbers import Numbers
from geodata.engine.request import Request

__all__ = ["Engine", "Numbers", "Request", "load", "open_engine"]
