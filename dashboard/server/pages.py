"""Several screens in one Dash application: each has its address, its layout and its callbacks.

Dash asks for layout and callbacks below the path its page was told. Each screen is told its own,
so that a browser meets only the components of its screen, and the gate sees which it asks for.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dash import Dash
from dash._utils import to_json
from flask import Response, request

from dashboard import access
from dashboard.i18n import TAGS, titled
from dashboard.place import DESK, GRIDS, THEMES, Place, from_query
from dashboard.server import bundle, first, opening
from dashboard.server.answers import language
from geodata.model.errors import NoCityError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.components.marks import Node

LAYOUT: Final = "_dash-layout"
DEPENDENCIES: Final = "_dash-dependencies"
UPDATE: Final = "_dash-update-component"
JSON: Final = "application/json"


@dataclass(frozen=True)
class Page:
    """One screen as the browser meets it.

    path: of the page, "/" for the first; ids: of its components with a callback, what nobody names
    belongs to the first; began: told of a place as soon as its page is asked for; of_city: it has
    nothing to show before the first city.
    """

    path: str
    layout: Callable[[], Node]
    ids: frozenset[str] = frozenset()
    began: Callable[[Place], None] = lambda _: None
    of_city: bool = False

    @property
    def prefix(self) -> str:
        """What the addresses of its layout and callbacks begin with."""
        return "/" if self.path == "/" else f"{self.path}/"


class Application(Dash):
    """A Dash app whose first byte already has the language, theme and title of the URL.

    It sends our scripts as one file, and Plotly only when a chart asks for it.
    """

    def __init__(
        self,
        pages: tuple[Page, ...],
        build: str,
        own: bundle.Bundle,
        **options: Any,  # noqa: ANN401 - Dash's own
    ) -> None:
        """Take the screens, the first of which is at "/", the name of this build, our files."""
        self._pages, self._build, self._own = pages, build, own
        super().__init__(assets_ignore=r"\.(js|css)$", **options)
        for page in pages[1:]:
            self._add_page(page)

    def index(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Dash's own
        """The page of the screen that asks; before the first city, the ways to come by one."""
        if self._page().of_city:
            try:
                access.live()
            except NoCityError:
                theme = from_query(request.query_string.decode("ascii", "replace")).theme
                return first.answer(access.house(), self._own.style, language(), theme or THEMES[0])
        return super().index(*args, **kwargs)  # type: ignore[no-untyped-call]

    def serve_layout(self) -> Response:
        """The layout of the screen that asks."""
        return Response(to_json(self._page().layout()), mimetype=JSON)  # type: ignore[no-untyped-call]

    def dependencies(self) -> Response:
        """The callbacks of the screen that asks."""
        here = self._page()
        of = {name: page for page in self._pages[1:] for name in page.ids}
        own = [
            spec
            for spec in self._callback_list
            if of.get(_component(spec["output"]), self._pages[0]) is here
        ]
        return Response(to_json(own), mimetype=JSON)  # type: ignore[no-untyped-call]

    def interpolate_index(self, *_: Any, **parts: Any) -> str:  # noqa: ANN401 - Dash's own
        """The page with its language and theme set before any script runs."""
        place = from_query(request.query_string.decode("ascii", "replace"))
        here = access.house()  # of today's city, not of the first one
        language = place.language or here.language
        theme = place.theme or THEMES[0]
        arranged = {DESK: "desk", GRIDS: "compare"}.get(place.arrangement, "cells")
        mode = "heat" if place.heat else arranged
        about = f'lang="{TAGS[language]}" data-theme="{theme}" data-mode="{mode}"'
        about += f' data-build="{self._build}"'
        title = titled(here.profile, language)
        parts["title"] = html.escape(title)
        shape = opening.shaped if self._page() is self._pages[0] else opening.bare
        parts["app_entry"] = shape(title, language)
        parts["scripts"] = bundle.lean(parts["scripts"]) + self._own.script
        parts["css"] += self._own.style
        self._page().began(place)
        page = super().interpolate_index(**parts)  # type: ignore[no-untyped-call]
        return str(page).replace("{%lang%}", about)

    def _config(self) -> dict[str, Any]:
        config: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        config.pop("validation_layout", None)  # it is that of the first screen only
        # The browser takes our lean Plotly by its address only where it believes that nothing is
        # served locally; otherwise it would load the whole one of Dash's package.
        return config | {
            "serve_locally": False,
            "plotlyjs_url": self._own.charts,
            "requests_pathname_prefix": self._page().prefix,
        }

    def _add_page(self, page: Page) -> None:
        answers = self.server.view_functions
        for path, view in (
            (page.path, self.index),
            (page.prefix + LAYOUT, self.serve_layout),
            (page.prefix + DEPENDENCIES, self.dependencies),
        ):
            self.server.add_url_rule(path, path, view)
        if not page.ids:
            return
        update = page.prefix + UPDATE
        self.server.add_url_rule(update, update, answers[f"/{UPDATE}"], methods=["POST"])

    def _page(self) -> Page:
        asked = [page for page in self._pages[1:] if f"{request.path}/".startswith(page.prefix)]
        return asked[0] if asked else self._pages[0]


def _component(output: str) -> str:
    """Id of the first component that an output id of Dash names: `a.b` or `..a.b...c.d..`."""
    return output.strip(".").partition("...")[0].rpartition(".")[0]
