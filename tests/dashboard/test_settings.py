from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from dashboard.settings import PREFIX, Settings, SettingsError, read_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name}".upper(), raising=False)


def test_the_defaults_serve_this_machine_only() -> None:
    settings = read_settings()
    assert settings.host == "127.0.0.1"
    assert not settings.on_network
    assert not settings.debug
    assert settings.local_operator


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIPING_DATA_DIR", "/srv/yiping")
    monkeypatch.setenv("YIPING_HOST", "0.0.0.0")  # noqa: S104
    monkeypatch.setenv("YIPING_TRUSTED_HOSTS", "City.gov.cn, wall.local,")
    settings = read_settings()
    assert settings.data_dir == Path("/srv/yiping")
    assert settings.trusted_hosts == ("city.gov.cn", "wall.local")
    assert settings.on_network


@pytest.mark.parametrize(
    ("key", "value"),
    [("YIPING_PORT", "0"), ("YIPING_PORT", "web"), ("YIPING_FEED", "maybe"), ("YIPING_PROT", "1")],
)
def test_an_error_names_the_key(monkeypatch: pytest.MonkeyPatch, key: str, value: str) -> None:
    monkeypatch.setenv(key, value)
    with pytest.raises(SettingsError, match=key):
        read_settings()


def test_the_twin_needs_to_know_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIPING_ENGINE", "postgresql")
    with pytest.raises(SettingsError, match="YIPING_WAREHOUSE"):
        read_settings()
    monkeypatch.setenv("YIPING_WAREHOUSE", "postgresql+psycopg://u@host/cities")
    assert read_settings().engine == "postgresql"


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1  # type: ignore[misc]
