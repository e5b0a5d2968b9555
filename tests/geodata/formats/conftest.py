"""A file of given bytes, read in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

from geodata import formats

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.formats import Sheet


class Reads(Protocol):
    def __call__(self, name: str, content: bytes, **asked: Any) -> Sheet: ...  # noqa: ANN401


@pytest.fixture
def read(tmp_path: Path) -> Reads:
    def reading(name: str, content: bytes, **asked: Any) -> Sheet:  # noqa: ANN401
        path = tmp_path / name
        path.write_bytes(content)
        return formats.read(path, **asked)

    return reading
