"""Who may let a plan go on, when, and what is taken back; what a request may bring along."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.server.planning import jobs, reckoned, refusals
from geodata.desk import lawful, turn
from geodata.planner import operations
from geodata.planner.checks import Check
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.scenarios.scenario import PLANS, Scenarios
from geodata.store import drawings, tokens

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.dashboard.server.planning.conftest import Ask

WAY = ("community", "street", "district")


def approved(ask: Ask, day: str) -> None:
    for state in WAY:
        ask("move", to=state)
    ask("move", to="published", effective=day)


def day_in(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def test_a_plan_that_changes_nothing_is_not_submitted(ask: Ask) -> None:
    ask("do", op={"do": "lock", "grids": ["9911001"]})  # no other grids by that
    told = ask("move", 422, to="community")
    assert (told["why"], told["text"]) == ("unchanged", "方案没有改动任何网格，无需提交")
    ask("do", op={"do": "split_k", "grid": "9911002", "k": 2})
    ask("undo", at="9911")
    assert ask("move", 422, to="community")["why"] == "unchanged"
    assert ask("ready")["added"][0]["key"] == "unchanged"


@pytest.mark.usefixtures("drawn")
def test_a_red_check_anywhere_in_the_plan_keeps_it(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []

    def found(*given: Any) -> list[Check]:  # noqa: ANN401
        looked.extend(given[3].tolist())
        draft = len(looked) == len(given[3])  # which is judged first, and today's grids after it
        grids = ("9911001", "9912001") if draft else ("9911001",)
        return [Check("barriers", ok=False, level="red", count=len(grids), of=5, grids=grids)]

    ask("state?at=9911")
    with monkeypatch.context() as patch:
        patch.setattr(reckoned, "checks", found)
        told = ask("move", 422, to="community")  # from a desk that shows the other community
        looked.clear()
        ready = ask("ready")
    assert (told["why"], told["grids"]) == ("red", ["9912001"])
    assert told["text"].endswith("跨主干道、铁路或河道（玉庭社区第1网格）")  # not by its code
    [place] = told["faults"][0]["where"]
    assert (place["grid"], place["at"]) == ("9912001", "9912")
    assert looked == [0, 1, 0, 1]
    assert ready["added"] == told["faults"]
    assert [each["text"] for each in ready["inherited"]] == [
        "跨主干道、铁路或河道（霁湾社区第1网格）"
    ]
    assert ask("move", to="community")["plan"]["state"] == "community"


@pytest.mark.usefixtures("drawn")
def test_each_desk_reads_what_is_asked_of_it(client: FlaskClient, ask: Ask, plan: str) -> None:
    draft = ask("state?at=9911")["plan"]
    assert (draft["review"]["title"], draft["next"]["word"]) == ("提交审核", "提交到：社区核对")
    told = [ask("move", to=state)["plan"] for state in WAY]
    assert [each["review"]["title"] for each in told] == ["社区核对", "街道审核", "区级审定"]
    assert [each["next"]["word"] for each in told] == [
        "通过，转街道审核", "通过，转区级审定", "批准",
    ]  # fmt: skip
    assert told[0]["back"]["word"] == "退回草稿"
    assert told[2]["next"]["may"]
    english = client.get(f"/api/plans/{plan}/state?at=9911&lang=en").json["plan"]
    assert english["next"]["word"] == "Approve"


def kept_job(planned_dir: Path, plan: str, name: str) -> None:
    """A job with two alternatives, one for each community."""
    scenario = Scenarios(planned_dir).opened(plan)
    folder = planned_dir / jobs.FOLDER / name
    folder.mkdir(parents=True)
    (folder / jobs.ASKED).write_text(json.dumps({"plan": plan, "head": scenario.head}))
    for key, pair in (("least", ("9911001", "9911002")), ("balance", ("9911002", "9911001"))):
        jobs.keep(folder, key, operations.merge(scenario.grounded.ground, scenario.plan, *pair))


def test_a_second_alternative_comes_in_the_place_of_the_first(
    ask: Ask, plan: str, planned_dir: Path
) -> None:
    kept_job(planned_dir, plan, "j-second")
    first = ask("jobs/j-second/take", key="least")
    assert [each["code"] for each in first["grids"]] == ["9911001"]
    second = ask("jobs/j-second/take", key="balance")
    assert [each["code"] for each in second["grids"]] == ["9911002"]
    assert second["plan"]["undo"] == 1
    ask("do", op={"do": "lock", "grids": ["9911002"]})
    told = ask("jobs/j-second/take", 409, key="least")
    assert told["why"] == "changed_by_you"
    assert "他人" not in told["text"]
    assert ask("state?at=9911")["plan"]["undo"] == 2  # a refusal takes nothing back


def test_what_somebody_else_took_is_not_taken_back(
    client: FlaskClient, ask: Ask, plan: str, planned_dir: Path
) -> None:
    kept_job(planned_dir, plan, "j-others")
    ask("jobs/j-others/take", key="least")
    other = {"Authorization": f"Bearer {tokens.make(planned_dir, 'somebody', ['plan'])}"}
    body = {"seen": "", "at": "9911", "key": "balance"}
    address = f"/api/plans/{plan}/jobs/j-others/take?lang=zh"
    told = client.post(address, json=body, headers=other)
    assert (told.status_code, told.json["why"]) == (409, "changed_meanwhile")
    assert len(ask("history")["steps"]) == 1


def test_a_grid_that_was_undone_keeps_its_name_in_the_history(ask: Ask) -> None:
    ask("do", op={"do": "split_k", "grid": "9911001", "k": 2})
    ask("undo", at="9911")
    assert "9911" not in ask("history")["steps"][0]["text"]


def test_a_move_is_of_the_step_on_the_screen(client: FlaskClient, ask: Ask, plan: str) -> None:
    seen = ask("state?at=9911")["plan"]["head"]
    ask("do", op={"do": "lock", "grids": ["9911001"]})
    body = {"seen": seen, "at": "9911", "to": "community"}
    assert client.post(f"/api/plans/{plan}/move", json=body).status_code == 409


@pytest.mark.usefixtures("drawn")
def test_a_day_that_has_passed_is_refused_at_once(ask: Ask) -> None:
    for state in WAY:
        ask("move", to=state)
    told = ask("move", 422, to="published", effective=day_in(-2))
    assert told["why"] == "too_early"
    assert "不能早于" in told["text"]


@pytest.mark.usefixtures("drawn")
def test_an_approval_is_taken_back_until_it_is_in_force(
    ask: Ask, plan: str, planned_dir: Path
) -> None:
    approved(ask, day_in(3))
    state = ask("state?at=9911")["plan"]
    assert (state["next"], state["back"]["state"], state["away"]["state"]) == (
        None, "draft", "withdrawn",
    )  # fmt: skip
    assert ask("move", 422, to="draft", reason=" ")["why"] == "no_reason"
    with turn.taken(planned_dir):  # the child that publishes is at work
        assert ask("move", 409, to="draft", reason="有异议")["why"] == "busy"
    record = planned_dir / PLANS / plan / lawful.RECORD
    record.write_text(json.dumps(asdict(lawful.Record(plan, "s1", day_in(0), 1))))
    assert ask("state?at=9911")["plan"]["back"] is None
    assert ask("move", 422, to="draft", reason="有异议")["why"] == "in_force"
    record.unlink()
    assert ask("move", to="district", reason="有异议")["plan"]["next"]["state"] == "published"
    assert ask("law")["state"] == "none"


def test_a_withdrawn_draft_is_not_offered_on_the_overview(
    client: FlaskClient, ask: Ask, plan: str, planned_dir: Path
) -> None:
    ask("do", op={"do": "merge", "survivor": "9911001", "other": "9911002"})
    assert client.get(f"/plan/{plan}/shown?at=9911").status_code == 302
    folder = drawings.home_of(planned_dir, plan)
    assert any(path.is_dir() for path in folder.iterdir())
    ask("move", to="withdrawn", reason="不再需要")
    assert not any(path.is_dir() for path in folder.iterdir())


@pytest.mark.usefixtures("drawn")
def test_one_right_drafts_and_another_approves(
    client: FlaskClient, ask: Ask, plan: str, planned_dir: Path
) -> None:
    for state in WAY:
        ask("move", to=state)
    head = ask("state?at=9911")["plan"]["head"]
    planner = {"Authorization": f"Bearer {tokens.make(planned_dir, 'only-plans', ['plan'])}"}
    body = {"seen": head, "at": "9911", "to": "published", "effective": day_in(3)}
    address = f"/api/plans/{plan}/move?lang=zh"
    told = client.post(address, json=body, headers=planner)
    assert (told.status_code, told.json["why"]) == (403, "may_not_approve")
    assert client.post(f"/api/plans/{plan}/law", headers=planner).status_code == 403
    both = tokens.make(planned_dir, "approves", ["plan", "approve"])
    header = {"Authorization": f"Bearer {both}"}
    assert client.post(address, json=body, headers=header).status_code == 200
    back = {"seen": head, "at": "9911", "to": "draft", "reason": "x"}
    assert client.post(address, json=back, headers=planner).status_code == 403


def test_an_alternative_leaves_what_others_did_since(
    client: FlaskClient, ask: Ask, plan: str, planned_dir: Path
) -> None:
    scenario = Scenarios(planned_dir).opened(plan)
    made = operations.merge(scenario.grounded.ground, scenario.plan, "9911001", "9911002")
    folder = planned_dir / jobs.FOLDER / "j-mends"
    folder.mkdir(parents=True)
    (folder / jobs.ASKED).write_text(json.dumps({"plan": plan, "head": scenario.head}))
    jobs.keep(folder, "least", made)
    ask("do", op={"do": "merge", "survivor": "9912001", "other": "9912002"})
    taken = ask("jobs/j-mends/take", key="least")
    assert len(taken["grids"]) == 1
    everywhere = client.get(f"/api/plans/{plan}/state?at=991").json["grids"]
    assert {each["code"] for each in everywhere} == {"9911001", "9912001", "9912003"}
    again = ask("jobs/j-mends/take", key="least")  # in its own place, on what was done elsewhere
    assert again["plan"]["undo"] == 2
    ask("do", op={"do": "lock", "grids": ["9912001"]})
    ask("do", op={"do": "lock", "grids": ["9911001"]})
    assert ask("jobs/j-mends/take", 409, key="least")["why"] == "changed_by_you"


@pytest.mark.parametrize("name", ["网" * 200 + ".geojson", "..", "a%00b.csv", "a/../.."])
def test_a_file_may_be_called_anything(client: FlaskClient, plan: str, name: str) -> None:
    answer = client.post(f"/api/plans/{plan}/import?lang=zh&name={name}", data=b"a,b\n1,2\n")
    assert (answer.status_code, answer.json["why"]) == (422, "file")


def test_rules_that_there_are_not_begin_nothing(client: FlaskClient) -> None:
    before = len(client.get("/api/plans").json["plans"])
    body = {"name": "方案", "scope": "991", "rules": "nowhere"}
    answer = client.post("/api/plans?lang=zh", json=body)
    assert (answer.status_code, answer.json["why"]) == (422, "body")
    assert len(client.get("/api/plans").json["plans"]) == before


@pytest.mark.parametrize(("spoken", "way"), [("zh", "改选"), ("en", "choose an adjoining grid")])
def test_a_grid_that_would_be_in_pieces_is_refused_with_a_way_out(spoken: str, way: str) -> None:
    told = refusals.said(PlanRefusedError(Why.IN_PIECES, ["9911001"]), spoken)
    assert way in told
    assert "9911001" in told
