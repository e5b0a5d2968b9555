"""What a request may use: the live city, its engine, and who asks.

A callback takes it with `live()` and hands it on, so that views stay pure:

    here = live()
    return view(place, here)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, cast

from flask import current_app, g

from dashboard.i18n import LANGUAGES
from geodata.model.errors import ProfileError, SnapshotError

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.engine import Engine
    from geodata.model.profile import Profile
    from geodata.store.snapshots import City

KEY: Final = "yiping"  # of the seam in `app.extensions`


@dataclass(frozen=True)
class Actor:
    """Who asks: a name for the audit and what they may do, everywhere in the city."""

    name: str
    rights: frozenset[str] = frozenset({"view"})


NOBODY: Final = Actor("", frozenset())


@dataclass(frozen=True)
class Opened:
    """One published city as this process holds it; replaced as a whole on publication."""

    city: City
    engine: Engine


@dataclass(frozen=True)
class Live:
    """The city of one request and the actor who asks."""

    city: City
    engine: Engine
    actor: Actor


@dataclass(frozen=True)
class House:
    """What there is before any city: where data lie and who asks; profile: of the city, if any."""

    data_dir: Path
    profile: Profile | None
    actor: Actor

    @property
    def language(self) -> str:
        """The language in which somebody is met who has asked for none."""
        return self.profile.language if self.profile else LANGUAGES[0]


class Holder(Protocol):
    """Whatever keeps the live city open."""

    @property
    def data_dir(self) -> Path:
        """Where cities are published."""

    def current(self) -> Opened:
        """The live city.

        Raises:
            SnapshotError: when nothing is published.
        """


def connect(extensions: dict[str, object], holder: Holder) -> None:
    """Make `live()` answer from this holder, for one Flask application."""
    extensions[KEY] = holder


def holder() -> Holder:
    """The holder of the running application; needs an application context."""
    return cast("Holder", current_app.extensions[KEY])


def actor() -> Actor:
    """Who asks in this request; nobody outside of one."""
    return cast("Actor", g.get("actor", NOBODY))


def live() -> Live:
    """The live city and the actor; needs an application context.

    Raises:
        SnapshotError: when nothing is published.
    """
    opened = holder().current()
    return Live(opened.city, opened.engine, actor())


def house() -> House:
    """What a screen can rely on that needs no city; needs an application context."""
    here = holder()
    try:
        profile = here.current().city.profile
    except (SnapshotError, ProfileError):
        profile = None
    return House(here.data_dir, profile, actor())
