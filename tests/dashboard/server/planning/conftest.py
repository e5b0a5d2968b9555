from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dashboard.factory import create_app
from dashboard.settings import Settings
from tests.browser.planned import publish_planned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    Told = dict[str, Any]
    Ask = Callable[..., Told]


@pytest.fixture(scope="session")
def planned_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city whose first grid has 1,440 households, with its ground."""
    folder = tmp_path_factory.mktemp("planned")
    publish_planned(folder)
    return folder


@pytest.fixture(scope="session")
def server(planned_dir: Path) -> Flask:
    made: Flask = create_app(Settings(data_dir=planned_dir, feed=False)).server
    return made


@pytest.fixture
def client(server: Flask) -> Iterator[FlaskClient]:
    with server.test_client() as client:
        yield client


@pytest.fixture
def plan(client: FlaskClient) -> str:
    """Id of a new scenario of the whole street."""
    body = {"name": "方案A", "scope": "991", "rules": "shuangliu"}
    answer = client.post("/api/plans?lang=zh", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


@pytest.fixture
def ask(client: FlaskClient, plan: str) -> Ask:
    """Asks something of the scenario; a step takes the head as it is, and the first community."""

    def asked(path: str, status: int = 200, **body: object) -> Told:
        address = f"/api/plans/{plan}/{path}"
        address += ("&" if "?" in path else "?") + "lang=zh"
        if not body:
            answer = client.get(address)
        else:
            head = client.get(f"/api/plans/{plan}/state?at=9911").json["plan"]["head"]
            answer = client.post(address, json={"seen": head, "at": "9911", **body})
        assert answer.status_code == status, answer.text
        told: Told = answer.json
        return told

    return asked


@pytest.fixture
def drawn(ask: Ask) -> None:
    """The scenario changes something, or it could not be submitted."""
    ask("do", op={"do": "split_k", "grid": "9911001", "k": 2})
