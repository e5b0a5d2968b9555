"""A city without cases lists its places, which is what it knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.place import Place
from dashboard.screens.overview.areas import areas
from tests.dashboard.screens.conftest import make_city

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

    MakeScene = Callable[..., Scene]


@pytest.mark.parametrize(("known", "note"), [(True, "people"), (False, "area, km²")])
def test_the_largest_stand_first_by_people_or_else_by_area(
    make_scene: MakeScene,
    find: Callable[..., list[Node]],
    text: Callable[..., str],
    note: str,
    *,
    known: bool,
) -> None:
    places = make_city().places.copy()
    if not known:
        places["people"] = -1
    scene = make_scene(Place(language="en"), empty=True, meta={"months": []}, places=places)
    key = "people" if known else "area_km2"
    children = places.iloc[scene.city.tree.children(0)]
    order = children.sort_values([key, "code"], ascending=[False, True])["code"].tolist()
    shown = areas(scene)
    assert [link.href.split("at=")[1].split("&")[0] for link in find(shown, "A")] == order
    assert note in text(shown)


def test_what_the_map_lists_is_not_listed_twice(make_scene: MakeScene) -> None:
    places = make_city().places.copy()
    scene = make_scene(empty=True, meta={"months": []}, places=places)
    assert areas(scene) is not None
    places.loc[list(scene.city.tree.children(0)), "geometry"] = None
    assert areas(make_scene(empty=True, meta={"months": []}, places=places)) is None
