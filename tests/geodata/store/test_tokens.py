from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geodata.model.errors import NotAllowedError
from geodata.store import tokens

if TYPE_CHECKING:
    from pathlib import Path


def test_a_token_is_made_held_and_revoked(tmp_path: Path) -> None:
    secret = tokens.make(tmp_path, "wall-1")
    other = tokens.make(tmp_path, "feed")
    assert tokens.holder(tmp_path, secret) == "wall-1"
    assert tokens.holder(tmp_path, other) == "feed"
    assert [token.name for token in tokens.read(tmp_path)] == ["wall-1", "feed"]
    tokens.revoke(tmp_path, "wall-1")
    assert tokens.holder(tmp_path, secret) is None
    assert tokens.holder(tmp_path, other) == "feed"


def test_the_secret_is_nowhere_on_disk_and_the_file_is_the_owners(tmp_path: Path) -> None:
    secret = tokens.make(tmp_path, "wall")
    path = tmp_path / tokens.FILE
    assert secret.split(".")[1] not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(secret.split(".")[1]) >= 43


@pytest.mark.parametrize("wrong", ["", "wall", "wall.", "wall.x", ".", "other.x", "wall.é"])
def test_wrong_secrets_are_nobodys(tmp_path: Path, wrong: str) -> None:
    tokens.make(tmp_path, "wall")
    assert tokens.holder(tmp_path, wrong) is None


def test_names_are_unique_and_plain(tmp_path: Path) -> None:
    tokens.make(tmp_path, "wall")
    for name in ("wall", "", "a.b", "a\nb"):
        with pytest.raises(NotAllowedError):
            tokens.make(tmp_path, name)
    with pytest.raises(NotAllowedError, match="does not exist"):
        tokens.revoke(tmp_path, "gone")


def test_a_damaged_file_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / tokens.FILE).write_text("[{}]", encoding="utf-8")
    with pytest.raises(NotAllowedError, match="damaged"):
        tokens.holder(tmp_path, "wall.x")
