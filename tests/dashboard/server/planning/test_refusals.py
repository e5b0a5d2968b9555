"""What is refused is told in the language of the page, and nothing of it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dashboard.i18n import catalogue
from dashboard.server.planning.bodies import Fault

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.dashboard.server.planning.conftest import Ask

STEP = {"seen": "", "at": "9911"}
ELSEWHERE = "1234"


def test_every_fault_of_a_body_has_words() -> None:
    assert {f"planner.body_{fault.name.lower()}" for fault in Fault} <= catalogue().keys()


@pytest.mark.parametrize(
    ("body", "zh", "en"),
    [
        (b"{", "请求内容有误：不是 JSON", "The request is not valid: it is not JSON"),
        (
            b"{}",
            "请求内容有误：缺少 at, op, seen",
            "The request is not valid: at, op, seen missing",
        ),
    ],
)
def test_a_bad_body_is_told_in_the_language_of_the_page(
    client: FlaskClient, plan: str, body: bytes, zh: str, en: str
) -> None:
    for language, words in (("zh", zh), ("en", en)):
        answer = client.post(
            f"/api/plans/{plan}/do?lang={language}", data=body, content_type="application/json"
        )
        assert (answer.status_code, answer.json["text"]) == (422, words)


@pytest.mark.parametrize(
    ("operation", "key"),
    [
        ({"do": "nothing"}, "do"),
        ({"do": "lock"}, "lock.grids"),
        ({"do": "reassign", "to": "9911001", "atoms": [10**30]}, "reassign.atoms.0"),
        ({"do": "reassign", "to": "9911001", "atoms": [2**63]}, "reassign.atoms.0"),
    ],
)
@pytest.mark.parametrize("path", ["do", "try"])
def test_an_operation_that_makes_no_sense_is_told_by_its_keys(
    client: FlaskClient, plan: str, path: str, operation: dict[str, Any], key: str
) -> None:
    for language, words in (
        ("zh", "操作内容有误，请检查："),
        ("en", "The operation is not valid; check "),
    ):
        answer = client.post(
            f"/api/plans/{plan}/{path}?lang={language}", json={**STEP, "op": operation}
        )
        assert (answer.status_code, answer.json["text"]) == (422, words + key)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("undo", {}),
        ("branch", {"name": "方案B"}),
        ("comment", {"grid": "", "text": "好"}),
        ("move", {"to": "withdrawn", "reason": "不再需要"}),
    ],
)
def test_nothing_is_done_for_a_place_that_the_scenario_has_not(
    client: FlaskClient, ask: Ask, path: str, body: dict[str, Any]
) -> None:
    before = ask("do", op={"do": "lock", "grids": ["9911001"]})["plan"]
    plans = len(client.get("/api/plans").json["plans"])
    assert ask(path, 404, **{**body, "at": ELSEWHERE})["why"] == "place"
    after = ask("state?at=9911")["plan"]
    assert (after["mark"], after["head"]) == (before["mark"], before["head"])
    assert len(client.get("/api/plans").json["plans"]) == plans


def test_a_step_that_was_undone_names_the_grids_that_it_made(ask: Ask) -> None:
    """What is done instead takes the same numbers for other grids."""
    made = ask("do", op={"do": "split_k", "grid": "9911001", "k": 2})
    new = {each["code"] for each in made["grids"]} - {"9911001", "9911002"}
    ask("undo", at="9911")
    ask("do", op={"do": "renumber", "grid": "9911002", "code": "9911777"})
    later, undone = ask("history")["steps"]
    assert (set(later["grids"]), later["on_way"]) == ({"9911002", "9911777"}, True)
    assert (set(undone["grids"]), undone["on_way"]) == ({"9911001", *new}, False)
