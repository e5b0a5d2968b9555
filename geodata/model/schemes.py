"""A scheme of evaluation: which metrics, with what weight, make one score."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from geodata.model.parts import Part


class SchemePart(Part):
    """One metric of a scheme, as points from 0 to 100.

    metric: its key in the registry; denominator: by what this city divides, "" = as usual there;
    full_at, none_at: the values that earn all points and none, in between in proportion; where they
    are left out shares earn what they are, or what is missing to 100 % where less is better.
    """

    metric: str
    weight: float = Field(gt=0)
    denominator: str = ""
    full_at: float | None = None
    none_at: float | None = None

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if (self.full_at is None) != (self.none_at is None):
            message = f"{self.metric}: full_at and none_at belong together; give both or neither"
            raise ValueError(message)
        if self.full_at is not None and self.full_at == self.none_at:
            message = f"{self.metric}: full_at and none_at are equal; give two different values"
            raise ValueError(message)
        return self


class Scheme(Part):
    """A scheme as data; the score is the mean of its parts' points by weight."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    name_zh: str
    name_en: str
    note_zh: str = ""  # where it comes from, for /definitions
    note_en: str = ""
    parts: tuple[SchemePart, ...] = Field(min_length=1)
