"""Why something cannot be done to a plan: a reason that a screen says in its own words."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from geodata.model.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Why(StrEnum):
    """Each reason; its value is what stands in a log and before a screen has its own words."""

    NO_GRID = "no such grid in this plan"
    NO_ATOM = "no atom has this number"
    OTHER_GROUND = "the plan stands on another division into atoms"
    NOT_ITS_ATOMS = "not all of these atoms belong to the grid"
    TWO_SIDES = "an exchange needs atoms of one grid on either side"
    ITSELF = "a grid cannot be merged with itself"
    OTHER_COMMUNITY = "a grid lies in one community; these atoms belong to another"
    IN_PIECES = "the grid would be in pieces"
    CUT_OFF = "atoms would be cut off; take them too, or fewer"
    EMPTY = "nothing would be left; merge the grid instead"
    LOCKED = "locked; unlock it first"
    CODE_GIVEN = "codes are given once and never again"
    NOTHING_TO_UNDO = "there is nothing to undo"
    NOTHING_TO_REDO = "there is nothing to redo"
    NO_STEP = "there is no such step in the history"
    ALTERED = "this step was altered after it was written"
    NO_BUILDING = "no building of this plan has this number"
    NOT_ACROSS = "the line does not cut the grid in two; draw it from border to border"
    NOTHING_INSIDE = "nothing inside can go to this grid; draw around land of its community"
    TOO_SMALL = "what would be cut off is too small; draw it larger"
    DISAGREE = "both scenarios changed these grids in different ways; decide on one first"
    OTHER_BASE = "the two scenarios do not stand on the same city and place"
    RED = "a check fails that no plan may fail; mend it first"
    SUBMITTED = "handed in and not to be changed; send it back first"
    NO_SUCH_MOVE = "a scenario cannot go from its state to that one"
    NO_REASON = "a reason must be given"
    TOO_FEW_ATOMS = "the grid cannot be cut into so many parts; cut a piece of its land first"
    OVERTAKEN = "changed by this plan and by a publication since; draw them anew on today's grids"
    OVERTAKEN_PARTLY = "changed by a publication since, or tied to such; the rest can go on"
    CHANGED_MEANWHILE = "changed by somebody else meanwhile; look at them and do it again"


class PlanRefusedError(RequestError):
    """What was asked would break a rule that no plan may break, or is not there.

    why: the reason; grids: codes it concerns; atoms: those that it names, as what would be cut off.
    """

    def __init__(self, why: Why, grids: Iterable[str] = (), atoms: Iterable[int] = ()) -> None:
        """Take the reason and where."""
        self.why, self.grids = why, tuple(grids)
        self.atoms = tuple(int(atom) for atom in atoms)
        super().__init__(": ".join(filter(None, (", ".join(self.grids), str(why)))))
