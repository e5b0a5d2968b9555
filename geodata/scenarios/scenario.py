"""All scenarios of a data directory: opened, changed by several at once, branched and merged.

`data_dir/plans/<id>/` holds the lines of one and the ground it stands on; what is acknowledged is
on the disk.
"""

from __future__ import annotations

import secrets
import shutil
import threading
import time
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from geodata.planner.refusals import PlanRefusedError, Why
from geodata.scenarios import asked, grounds, merges
from geodata.scenarios.begun import NAME, SAID, begun, checked, remainder, remark
from geodata.scenarios.book import GROUND, LINES, Book
from geodata.scenarios.carried import carried
from geodata.scenarios.listing import Listed, Listing, continuing
from geodata.scenarios.making import check_ground, made_of, without
from geodata.scenarios.named import continued
from geodata.scenarios.overtaken import overtaken
from geodata.scenarios.state import (
    COMMUNITY,
    DISTRICT,
    DRAFT,
    FORWARD,
    MOVES,
    PUBLISHED,
    STREET,
    WITHDRAWN,
    Approval,
    CarriedError,
    Comment,
    NoScenarioError,
    Scenario,
    check_seen,
    refuse_move,
)
from geodata.scenarios.stepping import CARRY, By, stepped
from geodata.scenarios.tried import Tried, tried
from geodata.store.snapshots import kept_snapshot, open_city
from geodata.store.writer import sync, sync_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from geodata.scenarios.operations import Done

__all__ = [
    "COMMUNITY", "DISTRICT", "DRAFT", "FORWARD", "MOVES", "PUBLISHED", "STREET", "WITHDRAWN",
    "Approval", "CarriedError", "Comment", "NoScenarioError", "Scenario", "Scenarios",
]  # fmt: skip
PLANS: Final = "plans"
OPEN: Final = 8  # scenarios kept in memory; others are read again
NOW: Final = time.time


class Scenarios:
    """The scenarios of one data directory; safe for many threads and processes."""

    def __init__(self, data_dir: Path) -> None:
        """Nothing is read yet."""
        self._data_dir, self._folder = data_dir, data_dir / PLANS
        self._books: OrderedDict[str, Book] = OrderedDict()
        self._lock = threading.Lock()
        self._listing = Listing(self._folder)

    def listed(self) -> list[Listed]:
        """Every scenario, the last changed one first."""
        return self._listing.all()

    def told(self, key: str) -> Listed:
        """One scenario as the list has it, without a look at its ground.

        Raises:
            NoScenarioError: there is none of this id.
        """
        found = self._listing.one(key) if key.isalnum() else None
        if found is None:
            raise NoScenarioError(key)
        return found

    def create(
        self, name: str, scope: str, actor: str, parent: str | None = None, rules: str = ""
    ) -> str:
        """Begin a scenario on the ground of the live city; gives its id.

        scope: code of the community, the street or the whole city that it redraws; parent: id of
        a scenario that it branches off, whose scope it has then.

        Raises:
            NotYetError: the ground of the city is not made yet.
            RequestError: it has no name; UnknownPlaceError: no grid lies in the scope.
        """
        if parent:
            return self.branch(parent, name, actor)
        ready = grounds.folder_of(open_city(self._data_dir))
        there = grounds.opened(ready, scope)
        return self._kept(self._begun(begun(there, name, scope, actor, rules), ready))

    def carried_over(
        self, key: str, name: str, actor: str, *, partly: bool = False, again: bool = False
    ) -> str:
        """Begin a scenario on the live city with what another one changed; gives its id.

        name: "" = by default, told by `named.called` in the language of whoever reads it; partly:
        what cannot go over is left where other changes can; a comment names those grids; again:
        although it was carried over before.

        Raises:
            NotYetError: the ground of the city is not made yet.
            CarriedError: it was, and `again` is not asked for.
            PlanRefusedError: a publication changed the same grids; they are named.
        """
        self._check_first(key, again=again)
        old, city = self.opened(key), open_city(self._data_dir)
        there = grounds.opened(ready := grounds.folder_of(city), old.scope)
        others = overtaken(old.grounded, city, kept_snapshot(self._data_dir, old.base))
        made = carried(old, others, there, partly=partly)
        with self._book(key).alone():  # somebody else may have carried it over meanwhile
            self._check_first(key, again=again)
            name = name or continued(old.name, {each.name for each in self.listed()})
            book = self._begun(begun(there, name, old.scope, actor, old.rules, carried=key), ready)
            with book.alone() as scenario:
                after = stepped(book, scenario, made.done, By(CARRY, actor, old.name))
                if made.left:
                    book.append(remainder(after, old.name, made.left, actor))
            return self._kept(book)

    def _check_first(self, key: str, *, again: bool) -> None:
        before = continuing(key, self.listed())
        if before and not again:
            raise CarriedError(each.name for each in before)

    def _begun(self, line: dict[str, Any], ready: Path) -> Book:
        """The first line and the ground of a scenario that nobody sees yet."""
        folder = self._folder / f".{line['id']}.new"
        grounds.lent(ready, folder / GROUND, line["scope"])
        Book(folder).lines.append(line)
        return Book(folder)

    def _kept(self, book: Book) -> str:
        """Let a scenario be seen; gives its id."""
        folder = book.lines.path.parent
        key = folder.name.removeprefix(".").removesuffix(".new")
        sync(folder)
        folder.replace(self._folder / key)
        sync_folder(self._folder)
        return key

    def opened(self, key: str) -> Scenario:
        """A scenario as it stands, with what other processes have done.

        Raises:
            NoScenarioError: there is none of this id.
        """
        return self._book(key).current()

    def _book(self, key: str) -> Book:
        with self._lock:
            book = self._books.get(key)
            if book is None:
                if not key.isalnum() or not (self._folder / key / LINES).exists():
                    raise NoScenarioError(key)
                book = self._books[key] = Book(self._folder / key)
            self._books.move_to_end(key)
            while len(self._books) > OPEN:
                self._books.popitem(last=False)
            return book

    def do(  # noqa: PLR0913 (what a step is)
        self, key: str, seen: str, op: Mapping[str, Any], actor: str, reason: str,
        *, ground: str | None = None, instead: Collection[str] = (),
    ) -> Scenario:  # fmt: skip
        """Do one operation; seen: the head that its author looked at; ground: key of the land then.

        instead: steps of the same author in whose place it comes, where one of them is the last.

        Raises:
            PlanRefusedError: a rule forbids it, or others changed the same grids meanwhile.
        """
        what, book = asked.read(op), self._book(key)
        with book.alone() as scenario:
            scenario.check_draft()
            check_ground(scenario, what, ground)
            base = without(scenario, instead, actor)
            made = made_of(base, seen, what)
            if base is not scenario:  # only now, when nothing is refused any more
                line = {"kind": "undo", "author": actor, "grids": len(base.plan.living)}
                base = book.append(line, base)
            return stepped(book, base, made, By(what.do, actor, reason))

    def attempt(
        self, key: str, seen: str, op: Mapping[str, Any], *, ground: str | None = None
    ) -> Tried:
        """What an operation would do; nothing is kept, and a refusal is part of the answer."""
        began, what, scenario = time.perf_counter(), asked.read(op), self.opened(key)
        try:
            check_ground(scenario, what, ground)
            made: Done | PlanRefusedError = made_of(scenario, seen, what)
        except PlanRefusedError as refused:
            made = refused
        return tried(scenario, made, began)

    def undo(self, key: str, seen: str, actor: str) -> Scenario:
        """Go back by one step.

        Raises:
            PlanRefusedError: there is none, or others have done something meanwhile.
        """
        return self._walked(key, seen, actor, "undo")

    def redo(self, key: str, seen: str, actor: str) -> Scenario:
        """Go forward again by one step that was undone."""
        return self._walked(key, seen, actor, "redo")

    def _walked(self, key: str, seen: str, actor: str, way: str) -> Scenario:
        book = self._book(key)
        with book.alone() as scenario:
            scenario.check_draft()
            check_seen(scenario, seen)
            after = getattr(scenario.history, way)()
            line = {"kind": way, "author": actor, "grids": len(after.plan.living)}
            return book.append(line, replace(scenario, history=after))

    def branch(self, key: str, name: str, actor: str) -> str:
        """Begin another scenario where one stands; gives its id."""
        source, new = self._folder / key, secrets.token_hex(5)
        book, folder = self._book(key), self._folder / f".{new}.new"
        line = {"kind": "branch", "id": new, "name": checked(name, NAME), "parent": key,
                "author": actor, "at": int(NOW())}  # fmt: skip
        with book.alone() as scenario:
            folder.mkdir()
            shutil.copyfile(source / LINES, folder / LINES)
            shutil.copytree(source / GROUND, folder / GROUND, copy_function=grounds.shared)
            line["grids"] = len(scenario.plan.living)
        copy = Book(folder)
        copy.lines.read()
        copy.lines.append(line)
        return self._kept(copy)

    def merged(self, key: str, seen: str, other: str, actor: str, reason: str = "") -> Scenario:
        """Take over what another scenario that grew out of the same one has changed.

        Raises:
            PlanRefusedError: both changed the same grids, which are named.
        """
        theirs, book = self.opened(other), self._book(key)
        with book.alone() as scenario:
            scenario.check_draft()
            check_seen(scenario, seen)
            made = merges.merged(scenario, theirs)
            return stepped(book, scenario, made, By("join", actor, reason or theirs.name))

    def comment(self, key: str, grid: str, text: str, actor: str) -> Scenario:
        """Say something of a grid as it is now; grid: its code, "" = of the whole plan."""
        book = self._book(key)
        with book.alone() as scenario:
            if grid:
                scenario.plan.number(grid)
            return book.append(remark(scenario, grid, text, actor))

    def move(  # noqa: PLR0913 (what a move is)
        self, key: str, state: str, actor: str, reason: str, effective: str | None = None,
        *, judged: Scenario | None = None,
    ) -> Scenario:  # fmt: skip
        """Bring a scenario to another state: on in its review, back to its author, or away.

        judged: the scenario as whoever moves it found it; None = however it is now.

        Raises:
            PlanRefusedError: the state does not follow on this one, no reason is given, or others
                have done something since.
        """
        book = self._book(key)
        with book.alone() as scenario:
            if judged is not None:
                check_seen(scenario, judged.head)
                if judged.state != scenario.state:
                    raise PlanRefusedError(Why.CHANGED_MEANWHILE)
            refuse_move(scenario, state, reason)
            line = {"kind": "move", "before": scenario.state, "state": state,
                    "head": scenario.head, "author": actor, "reason": reason[:SAID],
                    "effective": effective or ""}  # fmt: skip
            return book.append(line)
