"""The planner's desk over HTTP: states, steps and their way back, refusals with their reason."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from dashboard.i18n import catalogue
from geodata.planner.compared import FIGURES
from geodata.planner.refusals import Why
from geodata.planner.rules import CHECKS
from geodata.scenarios.state import MOVES
from geodata.store import tokens
from tests.browser.planned import BLOCK
from tests.browser.tiny import SOUTH, WEST

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.dashboard.server.planning.conftest import Ask, Told

# From north to south through the blocks of the first column and the second.
LINE = [[WEST + 2 * BLOCK, SOUTH - BLOCK], [WEST + 2 * BLOCK, SOUTH + 4 * BLOCK]]
SPLIT = {"do": "split_line", "grid": "9911001", "line": LINE}
ADDRESS = "/api/plans/{plan}/{path}?lang=zh"


def grids(state: Told) -> dict[str, int]:
    return {grid["code"]: grid["households"] for grid in state["grids"]}


def checked(state: Told, key: str) -> Told:
    return next(check for check in state["checks"] if check["key"] == key)


def test_the_state_of_a_community(ask: Ask) -> None:
    state = ask("state?at=9911")
    assert grids(state) == {"9911001": 1440, "9911002": 720}
    first = state["grids"][0]
    assert first["name"] == "第1网格"
    assert first["over"]
    assert not first["new"]
    assert first["buildings"] == 32
    assert [step["code"] for step in state["plan"]["scope"]["path"]] == ["991", "9911"]
    over = checked(state, "households_over")
    assert not over["ok"]
    assert over["where"][0]["grid"] == "9911001"
    west, south, east, north = (WEST, SOUTH, WEST + 6 * BLOCK, SOUTH + 2 * BLOCK)
    assert west < over["where"][0]["lon"] < east
    assert south < over["where"][0]["lat"] < north
    assert all(check["ok"] for check in state["checks"] if check["level"] == "red")
    rows = state["table"]["rows"]
    assert [row["key"] for row in rows][:4] == ["over", "most", "ratio", "gini"]
    assert len({row["about"] for row in rows}) == len(rows)  # what each of them counts


def test_the_land_and_the_state_speak_of_the_same_atoms(ask: Ask) -> None:
    land, state = ask("land?at=9911"), ask("state?at=9911")
    assert len(land["atoms"]) == len(state["owner"])
    assert land["ground"] == state["plan"]["ground"]
    for code, households in grids(state).items():
        row = [grid["code"] for grid in state["grids"]].index(code)
        pairs = zip(land["atoms"], state["owner"], strict=True)
        assert households == sum(atom["households"] for atom, owner in pairs if owner == row)
    assert {house["atom"] for house in land["buildings"]} <= {atom["id"] for atom in land["atoms"]}
    assert {line["kind"] for line in land["lines"]} == {"road"}


def test_land_that_is_known_is_not_sent_again(client: FlaskClient, plan: str) -> None:
    address = ADDRESS.format(plan=plan, path="land") + "&at=9911"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_split_and_all_of_it_undone(ask: Ask) -> None:
    before = ask("state?at=9911")
    tried = ask("try", op=SPLIT)
    assert tried["refused"] is None
    assert {each["code"]: (each["before"], each["after"]) for each in tried["grids"]} == {
        "9911001": (1440, 720), "9911003": (None, 720),
    }  # fmt: skip
    after = ask("do", op=SPLIT, reason="户数超限")
    assert grids(after) == {"9911001": 720, "9911002": 720, "9911003": 720}
    assert all(check["ok"] for check in after["checks"]), after["checks"]
    assert [grid["code"] for grid in after["grids"] if grid["new"]] == ["9911003"]
    assert after["plan"]["undo"] == 1
    step = ask("history")["steps"][0]
    assert (step["name"], step["reason"], step["on_way"]) == ("split_line", "户数超限", True)
    back = ask("undo", at="9911")
    assert grids(back) == grids(before)
    assert ask("history")["steps"][0]["on_way"] is False
    again = ask("redo", at="9911")
    assert grids(again) == grids(after)


def test_the_head_tells_cheaply_whether_anything_was_done(ask: Ask) -> None:
    before, state = ask("head"), ask("state?at=9911")
    assert before["mark"] == state["plan"]["mark"]
    assert ask("head") == before
    after = ask("do", op=SPLIT)
    assert ask("head")["mark"] == after["plan"]["mark"] != before["mark"]
    said = ask("comment", grid="", text="请核对")
    assert ask("head")["mark"] == said["plan"]["mark"] != after["plan"]["mark"]
    assert ask("head")["by"] == "本机操作员"


def test_a_street_holds_both_communities(ask: Ask) -> None:
    state = ask("state?at=991")
    assert sum(grids(state).values()) == 4320
    assert [each["code"] for each in state["plan"]["scope"]["inside"]] == ["9911", "9912"]


def test_a_refusal_says_why_and_where(ask: Ask) -> None:
    lock = ask("do", op={"do": "lock", "grids": ["9911001"]})
    assert lock["grids"][0]["locked"]
    told = ask("do", 422, op=SPLIT)
    assert (told["why"], told["grids"]) == ("locked", ["9911001"])
    assert "已锁定" in told["text"]
    tried = ask("try", op=SPLIT)
    assert tried["refused"]["why"] == "locked"
    other = ask("do", 422, op={"do": "merge", "survivor": "9911002", "other": "9912001"})
    assert other["why"] in {"other_community", "in_pieces"}


def test_who_saw_an_older_plan_may_change_other_grids_only(
    client: FlaskClient, ask: Ask, plan: str
) -> None:
    seen = ask("state?at=9911")["plan"]["head"]
    ask("do", op=SPLIT)
    address = ADDRESS.format(plan=plan, path="do")
    same = {"seen": seen, "at": "9911", "op": {"do": "lock", "grids": ["9911001"]}}
    refused = client.post(address, json=same)
    assert refused.status_code == 409
    assert refused.json["why"] == "changed_meanwhile"
    other = {"seen": seen, "at": "9912", "op": {"do": "lock", "grids": ["9912001"]}}
    assert client.post(address, json=other).status_code == 200


def test_past_cases_under_both_divisions(ask: Ask) -> None:
    before = ask("impact?at=9911")
    assert all(grid["before"] == grid["after"] for grid in before["grids"])
    ask("do", op=SPLIT)
    after = ask("impact?at=9911")
    assert after["total"] == before["total"] > 0
    halves = {grid["code"]: grid for grid in after["grids"]}
    assert halves["9911003"]["before"] == "—"
    whole = int(halves["9911001"]["before"].replace(",", ""))
    assert whole == sum(
        int(halves[code]["after"].replace(",", "")) for code in ("9911001", "9911003")
    )


def test_comments_and_the_way_to_approval(ask: Ask) -> None:
    state = ask("comment", grid="9911001", text="<b>界线</b>")
    assert state["comments"][0]["text"] == "<b>界线</b>"
    assert state["plan"]["next"]["state"] == "community"
    ask("do", op=SPLIT)
    moved = ask("move", to="community", reason="")
    assert [each["state"] for each in moved["chain"] if each["current"]] == ["community"]
    assert ask("do", 422, op=SPLIT)["why"] == "submitted"
    assert ask("move", 422, to="published")["why"] == "no_such_move"
    assert ask("move", to="draft", reason="补充")["plan"]["state"] == "draft"


def test_a_branch_goes_its_own_way_and_is_merged(client: FlaskClient, ask: Ask, plan: str) -> None:
    branch = ask("branch", name="方案B")["plan"]["id"]
    assert branch != plan
    head = {"seen": "", "at": "9911", "op": SPLIT}
    done = client.post(ADDRESS.format(plan=branch, path="do"), json=head)
    assert done.status_code == 200, done.text
    assert len(ask("state?at=9911")["grids"]) == 2
    merged = ask("merge", other=branch)
    assert len(merged["grids"]) == 3
    listed = {each["id"]: each for each in client.get("/api/plans?lang=en").json["plans"]}
    assert listed[branch]["grids"] == [5, 6]
    assert listed[plan]["state_name"] == "Draft"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("do", {"seen": "", "at": "9911"}, 422),
        ("do", {"seen": "", "at": "9911", "op": {"do": "merge"}}, 422),
        ("do", {"seen": "", "at": "9911", "op": {"do": "adopt", "plan": 1}}, 422),
        ("do", {"seen": "beef", "at": "9911", "op": {"do": "lock", "grids": ["9911001"]}}, 422),
        ("comment", {"seen": "", "at": "9911", "grid": "nowhere", "text": "x"}, 422),
        ("jobs", {"at": "elsewhere", "kind": "redraw"}, 404),
    ],
)
def test_bad_bodies_are_refused_with_words(
    client: FlaskClient, plan: str, path: str, body: dict[str, object], status: int
) -> None:
    answer = client.post(ADDRESS.format(plan=plan, path=path), json=body)
    assert answer.status_code == status
    assert answer.json["text"]
    assert answer.json["why"]


def test_what_is_not_json_or_too_long_is_refused(client: FlaskClient, plan: str) -> None:
    address = ADDRESS.format(plan=plan, path="undo")
    assert client.post(address, data="{}").status_code == 422
    long = b'{"seen":"' + b"0" * 70_000 + b'"}'
    answer = client.post(address, data=long, content_type="application/json")
    assert answer.status_code == 413
    assert client.get(address).status_code == 404


def test_what_is_not_there_is_not_found(client: FlaskClient, plan: str) -> None:
    assert client.get("/api/plans/nobody/state").status_code == 404
    assert client.get(ADDRESS.format(plan=plan, path="state") + "&at=77").status_code == 404
    assert client.get(ADDRESS.format(plan=plan, path="jobs/none")).status_code == 404
    assert client.get("/plan/nobody").status_code == 404
    assert client.get(ADDRESS.format(plan=plan, path="state") + "&x=1").status_code == 422


def test_only_who_may_plan_is_let_in(client: FlaskClient, plan: str, planned_dir: Path) -> None:
    made = {right: tokens.make(planned_dir, f"who-{right}", [right]) for right in ("view", "plan")}
    paths = ("/plan", f"/plan/{plan}", "/api/plans", ADDRESS.format(plan=plan, path="state"))
    for path in paths:
        for right, status in (("view", 403), ("plan", 200)):
            header = {"Authorization": f"Bearer {made[right]}"}
            assert client.get(path, headers=header).status_code == status, path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_name_the_scenario_and_what_may_be_planned(
    client: FlaskClient, plan: str, language: str
) -> None:
    desk = client.get(f"/plan/{plan}?lang={language}&theme=light").text
    assert f'data-plan="{plan}"' in desk
    assert 'data-at="9911"' in desk  # where most households are in one grid
    assert "/assets/bundle/planner.js" in desk
    assert "_dash" not in desk
    listed = client.get(f"/plan?lang={language}").text
    assert '<option value="9912">' in listed
    assert '<option value="shuangliu">' in listed


def test_every_reason_check_figure_and_state_has_words() -> None:
    known = {key.partition(".")[2] for key in catalogue() if key.startswith("planner.")}
    sums = ("border", "buildings", "households", "people", "nets")
    wanted = itertools.chain(
        (f"why_{why.name.lower()}" for why in Why),
        (f"check_{key}" for key in CHECKS),
        (f"row_{key}" for key in (*FIGURES, *sums)),
        (f"state_{state}" for state in MOVES),
    )
    assert set(wanted) <= known


def test_a_desk_is_opened_again_where_the_last_step_was(client: FlaskClient, plan: str) -> None:
    first = client.get(f"/plan/{plan}?lang=zh").text
    assert 'data-at="9911"' in first, "where one grid has most households"
    op = {"do": "merge", "survivor": "9912001", "other": "9912002"}
    body = {"seen": "", "at": "9912", "op": op}
    assert client.post(f"/api/plans/{plan}/do?lang=zh", json=body).status_code == 200
    assert 'data-at="9912"' in client.get(f"/plan/{plan}?lang=zh").text
