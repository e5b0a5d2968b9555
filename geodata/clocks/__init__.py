"""How long a city has for a case: limits of four kinds, reckoned by its working calendar.

`Reckoner` gives deadlines of many cases at once or of one; `course` follows one case through
extension, suspension, return, reopening and appeal.
"""

from geodata.clocks.calendars import calendar_of, shipped
from geodata.clocks.course import Course, Overtime, Reading, read
from geodata.clocks.limits import Limits
from geodata.clocks.reckoner import WORKED, Due, Reckoner, Terms, reckoner_of

__all__ = [
    "WORKED",
    "Course",
    "Due",
    "Limits",
    "Overtime",
    "Reading",
    "Reckoner",
    "Terms",
    "calendar_of",
    "read",
    "reckoner_of",
    "shipped",
]
