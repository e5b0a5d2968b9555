"""Early warning: arrays in, alerts out; see docs/warning.md."""

from geodata.warning.cases import Cases
from geodata.warning.city import WANTED, Ground
from geodata.warning.judging import Judge, needed

__all__ = ["WANTED", "Cases", "Ground", "Judge", "needed"]
