"""What is known of the earth where a plane is good enough."""

from __future__ import annotations

from typing import Final

METRES_A_DEGREE: Final = 111_320.0  # of latitude; of longitude at the equator
