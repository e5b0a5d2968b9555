"""The room as a whole: every module is warmed, and everything goes on without compiled kernels."""

from __future__ import annotations

import importlib
import subprocess
import sys
import textwrap
from pathlib import Path

import numba
import pytest

from geodata import kernels
from geodata.kernels import compile_all, settings

ROOT = Path(kernels.__file__).parents[2]


def test_every_module_is_warmed() -> None:
    names = {path.stem for path in Path(kernels.__file__).parent.glob("*.py")}
    assert set(kernels.MODULES) == names - {"__init__", "__main__", "settings"}


def test_warming_is_told_and_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[float] = []
    compile_all(lambda name, share: heard.append(share) if name == "kernels" else None)
    assert heard == sorted(heard)
    assert len(heard) == len(kernels.MODULES)
    assert importlib.import_module("geodata.kernels.clip").clip_rings.signatures
    monkeypatch.setattr(kernels, "COMPILED", False)
    compile_all(lambda _, __: pytest.fail("nothing to compile"))


def test_what_plans_are_parted_with_is_ready_before_anybody_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []
    for name in kernels.DRAWING:
        module = importlib.import_module(f"geodata.kernels.{name}")
        monkeypatch.setattr(module, "warm", lambda name=name: made.append(name))
    kernels.ready(kernels.DRAWING)
    assert made == ["trees", "flips"]
    monkeypatch.setattr(kernels, "COMPILED", False)
    kernels.ready(kernels.DRAWING)
    assert len(made) == len(kernels.DRAWING)


def test_a_folder_that_cannot_be_written_costs_the_cache_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    njit = numba.njit

    def refuse(*, nogil: bool, cache: bool = False) -> object:
        if cache:
            message = "cannot cache function: no locator available"
            raise RuntimeError(message)
        return njit(nogil=nogil)

    monkeypatch.setattr(settings.numba, "njit", refuse)

    def double(value: int) -> int:
        return 2 * value

    assert settings.kernel(double)(21) == 42
    assert "compiled at every start" in caplog.text


def test_without_numba_the_same_answers_come_another_way() -> None:
    script = textwrap.dedent(
        """
        import sys
        sys.modules["numba"] = None
        import numpy as np, shapely
        from geodata.kernels import compile_all
        from geodata.kernels.settings import COMPILED
        from geodata.locate import areas
        from geodata.tiles.heat import density
        from geodata.tiles.mercator import Box
        from geodata.tiles.sheets import sheet
        assert not COMPILED
        compile_all(print)
        box = np.array([shapely.box(0, 0, 1, 1)])
        assert areas(box).rows_at(np.array([0.5, 2.0]), np.array([0.5, 0.5])).tolist() == [0, -1]
        assert sheet("cells", box, np.array([3])).tile(Box(0, 0, 4, 4)).startswith(b"\\x1a")
        assert density(np.array([0.5]), np.array([0.5]), (0, 0, 1, 1), 1.0).whole.any()
        """
    )
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not done.stdout
