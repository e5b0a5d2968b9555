"""What every table of a profile is made of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A frozen table of the profile in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Part):
    """Something with a stable key and a name in both languages."""

    key: str
    name_zh: str
    name_en: str
