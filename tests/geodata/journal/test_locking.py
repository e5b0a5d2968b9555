from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, NoReturn

import pytest

from geodata.journal import locking
from geodata.journal.errors import JournalFullError
from geodata.journal.writer import Writer

if TYPE_CHECKING:
    from pathlib import Path


def full(*_: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["ftruncate", "pwrite"])
def test_a_lock_whose_word_could_not_be_written_is_free_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    writer = Writer(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, step, full)
        with pytest.raises(JournalFullError):
            writer.journal()
    assert writer.journal().last() == 0
    writer.close()


def test_many_share_a_lock_that_one_alone_then_cannot_have(tmp_path: Path) -> None:
    path = tmp_path / "server.lock"
    first, second = locking.share(path), locking.share(path)
    assert first
    assert second
    locking.let_go(first)
    assert locking.hold(path, "") is None
    locking.let_go(second)
    held = locking.hold(path, "")
    assert held
    assert locking.share(path) is None
    locking.let_go(held)
