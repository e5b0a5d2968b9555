"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes depends on who else uses the machine: no reason to fail.
settings.register_profile("yiping", deadline=None)
settings.load_profile("yiping")
