from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from dashboard import boxes
from dashboard.place import Place
from dashboard.server.heat import ask, palette
from geodata.model.errors import UnknownPlaceError
from geodata.model.periods import DAY, HOUR
from tests.browser.tiny import NOW

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from geodata.store.snapshots import City


def test_the_picture_of_a_place(client: FlaskClient, city: City) -> None:
    answer = client.get(f"/heat/{city.id}?at=991&heat=1&theme=light&t=30d")
    assert answer.mimetype == "image/png"
    assert np.asarray(Image.open(io.BytesIO(answer.data)).convert("RGBA"))[..., 3].any()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/heat/other?at=991", 404),
        ("/heat/{id}?at=nowhere", 404),
        ("/heat/{id}?bv=2019", 422),
        ("/heat/{id}?bv={id}", 200),
        ("/heat/{id}?play=soon", 422),
        ("/heat/{id}?play=all", 200),
        ("/heat/{id}?heat=1&t=today&play=all", 200),
        ("/heat/{id}?play=-1", 422),
        ("/heat/{id}?play=0", 200),
        ("/heat/{id}?play=4294967296", 200),
        ("/heat/{id}?k=nothing&at=B991110", 422),
        ("/heat/{id}?t=2026-11-21..2026-11-20", 422),
    ],
)
def test_strange_questions(client: FlaskClient, city: City, path: str, status: int) -> None:
    assert client.get(path.format(id=city.id)).status_code == status


def test_a_played_picture_shows_an_hour_or_a_day(city: City) -> None:
    for period, length in (("7d", HOUR), ("30d", DAY)):
        asked = ask(Place(period=period), city, NOW).request
        assert (asked.start, asked.end) == (NOW - length, NOW)


def test_filters_and_place_are_those_of_the_address(city: City) -> None:
    place = Place(at="991", categories=("b",), departments=("c",), sources=("a",))
    asked = ask(place, city, None)
    assert asked.request.place == city.tree.find("991")
    assert asked.request.categories == (1,)
    assert asked.request.departments == (2,)
    assert asked.request.sources == (0,)
    west, south, east, north = asked.box
    assert (west, south) < (104.0, 30.5)  # the picture ends where nothing is warm any more
    assert (east, north) > (104.02, 30.52)
    assert ask(Place(), city, None).box == boxes.box(city, 0)


def test_an_unknown_place_has_no_picture(city: City) -> None:
    with pytest.raises(UnknownPlaceError, match="nowhere"):
        ask(Place(at="nowhere"), city, None)


def test_stronger_classes_hide_more() -> None:
    opacities = [colour[3] for colour in palette("dark")]
    assert opacities == sorted(opacities)
    assert opacities[0] < 128 < opacities[-1]
