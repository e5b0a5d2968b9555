"""What every table of a profile is made of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A frozen table of the profile in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
