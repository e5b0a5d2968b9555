from __future__ import annotations

import pytest

from dashboard.errors import notice, status_of
from geodata.model import errors


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.UnknownPlaceError("9"), 404),
        (errors.NotAllowedError("no"), 403),
        (errors.RequestError("when"), 422),
        (errors.ImportRefusedError("file"), 422),
        (errors.SnapshotError("gone"), 503),
        (errors.ProfileError("key"), 503),
        (errors.YipingError("?"), 500),
        (ZeroDivisionError(), 500),
    ],
)
def test_every_error_has_its_status(error: Exception, status: int) -> None:
    assert status_of(error) == status


def test_every_domain_error_has_a_status_of_its_own() -> None:
    for family in errors.YipingError.__subclasses__():
        assert status_of(family("x")) != 500


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_reader_is_told_what_was_wrong_with_the_question(language: str) -> None:
    told = notice(errors.RequestError("swap the two moments"), language)
    assert told.detail == "swap the two moments"
    assert told.text
    assert not told.reference


def test_our_own_failures_are_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    told = notice(errors.SnapshotError("/srv/secret/live.json"), "en")
    assert "secret" not in told.text + told.detail
    assert told.reference in caplog.text
    assert "/srv/secret/live.json" in caplog.text
