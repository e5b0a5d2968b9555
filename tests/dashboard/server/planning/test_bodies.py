"""What a body may say; whatever else comes is refused with the name of the field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.server.planning.bodies import BODIES, BodyError, read

STEP = {"seen": "", "at": "9911"}
LOCK = {"do": "lock", "grids": ["99111"]}
GOOD: dict[str, dict[str, Any]] = {
    "create": {"name": "方案A", "scope": "", "rules": "shuangliu"},
    "do": {**STEP, "op": LOCK, "reason": "居民反映", "ground": "0123456789abcdef"},
    "try": {**STEP, "op": LOCK},
    "undo": STEP,
    "redo": {"seen": "0123456789abcdef", "at": ""},
    "branch": {**STEP, "name": "方案B"},
    "carry": {"name": "方案A（续）"},
    "merge": {**STEP, "other": "a1b2"},
    "comment": {**STEP, "grid": "", "text": "好"},
    "move": {**STEP, "to": "published", "effective": "2027-01-01"},
    "jobs": {"at": "", "kind": "redraw", "tolerance": 0.1, "seed": 3, "size": {"grids": 12},
             "weights": {"territory": 1, "radius": 0, "industries": 0.5, "density": 0.5}},
    "stop": {},
    "take": {"seen": "", "at": "", "key": "least"},
}  # fmt: skip
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("do", {**GOOD["do"], "seen": "../.."}, "seen"),
    ("do", {**GOOD["do"], "op": {"do": "adopt", "plan": {}}}, "op"),
    ("do", {**GOOD["do"], "op": []}, "op"),
    ("do", {**GOOD["do"], "op": {"do": []}}, "op"),
    ("try", {**GOOD["try"], "op": {"do": {}}}, "op"),
    ("do", {**GOOD["do"], "reason": "x" * 501}, "reason"),
    ("do", {**GOOD["do"], "other": 1}, "not known"),
    ("undo", {"seen": ""}, "at: missing"),
    ("undo", {**STEP, "at": "<b>"}, "at"),
    ("move", {**STEP, "to": "elsewhere"}, "to"),
    ("move", {**STEP, "to": "published", "effective": "2027-02-30"}, "effective"),
    ("jobs", {**GOOD["jobs"], "tolerance": 0}, "tolerance"),
    ("jobs", {**GOOD["jobs"], "weights": {"territory": 1}}, "weights"),
    ("jobs", {**GOOD["jobs"], "seed": True}, "seed"),
    *(
        ("jobs", {**GOOD["jobs"], "size": size}, "size")
        for size in (
            {},
            {"grids": 0},
            {"grids": "3"},
            {"grids": 2.5},
            {"grids": True},
            {"households": -1},
            {"households": 10**9},
            {"households": 400, "grids": 3},
            {"other": 3},
            12,
            None,
        )
    ),
    ("take", {"seen": "", "key": "../x"}, "key"),
    ("merge", {**STEP, "other": ""}, "other"),
]


def test_every_address_has_an_example() -> None:
    assert GOOD.keys() == BODIES.keys()


@pytest.mark.parametrize("name", GOOD)
def test_a_body_as_the_desk_sends_it_is_read(name: str) -> None:
    assert read(name, json.dumps(GOOD[name]).encode()) == GOOD[name]


@pytest.mark.parametrize(("name", "body", "said"), BAD)
def test_whatever_is_not_expected_is_refused(name: str, body: dict[str, Any], said: str) -> None:
    with pytest.raises(BodyError, match=said):
        read(name, json.dumps(body).encode())


@pytest.mark.parametrize("data", [b"[", b"[]", b"3", b'"x"', b"\xff", b"[" * 100_000])
def test_what_is_no_object_is_refused(data: bytes) -> None:
    with pytest.raises(BodyError):
        read("undo", data)


@given(
    st.sampled_from(sorted(BODIES)),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["seen", "at", "op", "do", "name", "key", "kind"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    ),
)
def test_any_json_is_read_or_refused(name: str, body: object) -> None:
    try:
        given = read(name, json.dumps(body).encode())
    except BodyError:
        return
    must, may = BODIES[name]
    assert must.keys() <= given.keys() <= must.keys() | may.keys()
