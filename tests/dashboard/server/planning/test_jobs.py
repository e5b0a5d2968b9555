"""Work in a process of its own: it ends with plans to take, or when somebody wants it to end."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

import pytest

from dashboard.server.planning import jobs
from dashboard.server.planning.jobs import BROKEN, CANCELLED, DONE, FAILED, Jobs, NoJobError, tell
from geodata.desk.turn import taken

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.dashboard.server.planning.conftest import Ask, Told

PATIENCE_S = 120.0
WEIGHTS = {"territory": 0.2, "radius": 0.5, "industries": 0.3, "density": 0.7}


def ended(client: FlaskClient, plan: str, job: str) -> Told:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        told: Told = client.get(f"/api/plans/{plan}/jobs/{job}?lang=zh").json
        if told["state"] != "running":
            return told
        time.sleep(0.1)
    pytest.fail("the job does not end")


def begun(client: FlaskClient, plan: str, kind: str = "alternatives", **more: object) -> str:
    body = {"at": "9911", "kind": kind, "weights": WEIGHTS, "tolerance": 0.1, "seed": 1, **more}
    answer = client.post(f"/api/plans/{plan}/jobs?lang=zh", json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json["job"])


def newest(client: FlaskClient, plan: str, at: str = "9911") -> Told:
    told: Told = client.get(f"/api/plans/{plan}/jobs?at={at}").json
    return told


def test_three_alternatives_and_one_of_them_taken(client: FlaskClient, plan: str, ask: Ask) -> None:
    job = begun(client, plan)
    busy = client.post(f"/api/plans/{plan}/jobs", json={"at": "", "kind": "redraw"})
    assert (busy.status_code, busy.json["why"]) == (409, "busy")
    told = ended(client, plan, job)
    assert told["state"] == DONE, told
    offers = {key: each for each in told["alternatives"] for key in each["keys"]}
    assert sorted(offers) == ["balance", "compact", "least"]
    drawn = [json.dumps(each["outlines"]) for each in told["alternatives"]]
    assert len(set(drawn)) == len(drawn)  # what is the same is shown once
    assert told["wish"] == ""
    assert not told["drafted"]
    for each in offers.values():
        assert sum(grid["households"] for grid in each["outlines"]) == 2160
        assert each["over"] == sum(grid["households"] > 1000 for grid in each["outlines"])
        assert each["bound_share"] <= each["moved_share"] + 1e-9
    assert newest(client, plan) == {"job": job}
    assert (told["head"], told["steps"]) == ("", {})
    state = ask(f"jobs/{job}/take", key="balance")
    assert newest(client, plan) == {"job": job}
    assert ended(client, plan, job)["steps"] == {state["plan"]["head"]: "balance"}
    assert newest(client, plan, "9912")["job"] == "", "of another place"
    assert len(state["grids"]) == offers["balance"]["grids"]
    assert state["table"]["rows"][0]["after"] == str(offers["balance"]["over"])
    assert "采用" in ask("history")["steps"][0]["reason"]
    assert len(ask("undo", at="9911")["grids"]) == 2
    assert ask(f"jobs/{job}/take", 404, key="other")["why"] == "no_job"


@pytest.mark.parametrize(
    ("kind", "size", "grids", "said"),
    [
        ("redraw", {"grids": 4}, 4, "网格总数 4 个"),
        ("alternatives", {"households": 540}, 4, "每格约 540 户"),
        ("redraw", {"households": 360}, 6, "每格约 360 户"),  # below what a grid should have
    ],
)
def test_as_many_grids_as_were_wished_and_the_wish_stands_in_the_history(  # noqa: PLR0913, PLR0917
    client: FlaskClient, plan: str, ask: Ask, kind: str, size: dict[str, int], grids: int, said: str
) -> None:
    """2,160 households, of which a grid may have 1,000 and should have 500."""
    job = begun(client, plan, kind, size=size)
    told = ended(client, plan, job)
    assert told["state"] == DONE, told
    assert {each["grids"] for each in told["alternatives"]} == {grids}
    assert f"{grids} 格" in told["wish"].replace("\u2009", " ")
    state = ask(f"jobs/{job}/take", key=told["alternatives"][0]["key"])
    assert len(state["grids"]) == grids
    reason = ask("history")["steps"][0]["reason"].replace("\u2009", " ")
    assert said in reason
    assert "20 / 50 / 30 / 70" in reason
    assert "随机种子 1" in reason


@pytest.mark.parametrize(
    ("size", "why", "named"),
    [
        ({"households": 1001}, "size_over", ("1,000 户", "双流")),
        ({"grids": 2}, "size_few", ("1,000 户", "至少 3 个", "双流")),
        ({"grids": 1000}, "size_land", ("1,000 个网格过多",)),
    ],
)
def test_a_size_that_no_rule_allows_is_refused_by_the_name_of_the_rule(
    client: FlaskClient, plan: str, size: dict[str, int], why: str, named: tuple[str, ...]
) -> None:
    body = {"at": "9911", "kind": "redraw", "size": size}
    answer = client.post(f"/api/plans/{plan}/jobs?lang=zh", json=body)
    assert (answer.status_code, answer.json["why"]) == (422, why)
    text = answer.json["text"].replace("\u2009", " ")
    assert all(each in text for each in named), text
    assert "{" not in client.post(f"/api/plans/{plan}/jobs?lang=en", json=body).json["text"]


def test_what_keeps_the_number_of_grids_takes_no_size(client: FlaskClient, plan: str) -> None:
    body = {"at": "9911", "kind": "rebalance", "size": {"grids": 3}}
    answer = client.post(f"/api/plans/{plan}/jobs", json=body)
    assert (answer.status_code, answer.json["why"]) == (422, "body")


def test_a_job_ends_when_it_is_to_and_is_of_its_own_scenario(
    client: FlaskClient, plan: str
) -> None:
    job = begun(client, plan, "redraw")
    assert client.get(f"/api/plans/other/jobs/{job}").status_code == 404
    assert client.post(f"/api/plans/{plan}/jobs/{job}/stop", json={}).status_code == 200
    assert ended(client, plan, job)["state"] in {CANCELLED, DONE}


def noted(folder: Path, plan: str) -> Path:
    home = folder / jobs.FOLDER / "j1"
    home.mkdir(parents=True)
    (home / jobs.ASKED).write_text(json.dumps({"plan": plan}))
    tell(home, jobs.RUNNING, 0.5)
    return home


def test_a_child_that_is_gone_is_told_of(tmp_path: Path) -> None:
    noted(tmp_path, "a")
    found = Jobs(tmp_path).told("a", "j1")
    assert (found.state, found.share, found.why) == (FAILED, 0.5, BROKEN)
    with taken(tmp_path / jobs.FOLDER):  # somebody works, perhaps for another process
        assert Jobs(tmp_path).told("a", "j1").state == jobs.RUNNING
    with pytest.raises(NoJobError):
        Jobs(tmp_path).told("b", "j1")
    with pytest.raises(NoJobError):
        Jobs(tmp_path).told("a", "j2")


def kept(folder: Path, name: str, told: Told, state: str = jobs.DONE) -> None:
    home = folder / jobs.FOLDER / name
    home.mkdir(parents=True)
    (home / jobs.MADE).write_text("[]")
    tell(home, state, 1.0)
    (home / jobs.ASKED).write_text(json.dumps(told))


def test_a_job_is_found_again_as_long_as_its_plans_can_be_taken(tmp_path: Path) -> None:
    here = Jobs(tmp_path)
    assert not here.newest("a", "9911", "s1")
    kept(tmp_path, "old", {"plan": "a", "at": "9911", "head": "s1"})
    kept(tmp_path, "new", {"plan": "a", "at": "9911", "head": "s2"})
    os.utime(tmp_path / jobs.FOLDER / "old" / jobs.ASKED, ns=(1, 1))
    (tmp_path / jobs.FOLDER / "half").mkdir()  # never begun
    assert here.newest("a", "9911", "s2") == "new"
    assert not here.newest("a", "9911", "s1"), "only the newest"
    assert not here.newest("a", "9911", "s3"), "something else was done since"
    here.note_taken("a", "new", "s3", "least")
    assert here.newest("a", "9911", "s3") == "new"
    assert here.taken("a", "new") == {"s3": "least"}
    with (tmp_path / jobs.FOLDER / "new" / jobs.TAKEN).open("a") as steps:
        steps.write("s4\n")  # as an earlier version wrote it
    assert here.newest("a", "9911", "s4") == "new"
    assert not here.newest("a", "9912", "s2")
    assert not here.newest("b", "9911", "s2")


def test_a_job_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    kept(tmp_path, "good", {"plan": "a", "at": "9911", "head": "s1"})
    os.utime(tmp_path / jobs.FOLDER / "good" / jobs.ASKED, ns=(1, 1))
    kept(tmp_path, "bad", {})
    (tmp_path / jobs.FOLDER / "bad" / jobs.ASKED).write_text("{half")
    assert Jobs(tmp_path).newest("a", "9911", "s1") == "good"


@pytest.mark.parametrize("state", [jobs.CANCELLED, jobs.FAILED])
def test_a_job_that_came_to_nothing_is_not_found_again(tmp_path: Path, state: str) -> None:
    kept(tmp_path, "j1", {"plan": "a", "at": "9911", "head": "s1"}, state)
    assert not Jobs(tmp_path).newest("a", "9911", "s1")


def test_a_job_that_ended_without_a_word_does_not_seem_to_run_again(
    client: FlaskClient, plan: str, planned_dir: Path
) -> None:
    """While the next one works, the turn says nothing of the one before."""
    dead = planned_dir / jobs.FOLDER / f"{plan}-dead"
    dead.mkdir(parents=True)
    tell(dead, jobs.RUNNING, 0.4)
    asked = {"plan": plan, "head": "", "at": "9912"}
    (dead / jobs.ASKED).write_text(json.dumps(asked), encoding="utf-8")
    job = begun(client, plan)
    told = client.get(f"/api/plans/{plan}/jobs/{dead.name}").json
    client.post(f"/api/plans/{plan}/jobs/{job}/stop", json={})
    ended(client, plan, job)
    assert told["state"] == FAILED
