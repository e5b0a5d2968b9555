"""How much each agreement tells, learned from the reports alone (Fellegi and Sunter 1969).

A pair of reports meets by chance, is a duplicate, or belongs to one event that many report (a
street without water). How pairs look that meet by chance is seen in pairs one whole day further
apart, which cannot be duplicates. How the other two kinds look, and how many there are, comes by
expectation and maximisation (Winkler 1988), most levels by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.duplicates.compare import LEVELS, ROOM, around, compare
from geodata.duplicates.pairs import near_pairs, of_two_sources

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.duplicates.compare import Levels
    from geodata.duplicates.reports import Reports

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Parts = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

A_DAY: Final = 86_400
ROUNDS: Final = 40
HALF: Final = 0.5  # a pair more at every level, so that none is impossible
NEVER: Final = 1e-4  # share of duplicates that name two different rooms
START: Final = (0.90, 0.05, 0.05)  # chance, duplicates, one event
AGREEING: Final = 0.5  # the first guess: each level of duplicates half as often as the one before
# Levels taken together, or (second) as they come where others are given: in pairs that meet by
# chance, and in the others.
CHANCE: Final[Parts] = (
    (("site", "what", "room", "busy", "crowd"), ()),
    (("metres",), ("site", "room")),
    (("occurred", "lag"), ()),
)
APART: Final[Parts] = (
    (("metres",), ("site",)),
    *(((name,), ()) for name in LEVELS if name != "metres"),
)


@dataclass(frozen=True, eq=False)
class Kind:
    """How pairs of one kind look: a table of shares for each part; prior: how many there are."""

    parts: Parts
    shares: tuple[Floats, ...]
    prior: float

    @classmethod
    def of(cls, parts: Parts, levels: Levels, weight: Floats, prior: float) -> Kind:
        """Count pairs, each by its weight."""
        tables = []
        for names, given in parts:
            axes = (*names, *given)
            counts = np.full([len(LEVELS[name]) for name in axes], HALF)
            np.add.at(counts, tuple(levels[name] for name in axes), weight)
            tables.append(counts / counts.sum(axis=tuple(range(len(names))), keepdims=True))
        return cls(parts, tuple(tables), prior)

    def likelihood(self, levels: Levels) -> Floats:
        """How likely a pair is of this kind and looks like this, by pair."""
        found = np.full(len(levels["lag"]), self.prior)
        for table, (names, given) in zip(self.shares, self.parts, strict=True):
            found *= table[tuple(levels[name] for name in (*names, *given))]
        return found

    def replaced(self, **tables: Floats) -> Kind:
        """The same with other shares of some levels that come by themselves."""
        shares = tuple(
            tables.get(names[0], table)
            for table, (names, _) in zip(self.shares, self.parts, strict=True)
        )
        return Kind(self.parts, shares, self.prior)

    def table(self, name: str) -> Floats:
        """Shares of a level that comes by itself."""
        return self.shares[self.parts.index(((name,), ()))]


@dataclass(frozen=True, eq=False)
class Weights:
    """What was learned of pairs that meet by chance, are duplicates, belong to one event.

    usual: the levels of pairs that meet by chance, each by itself, to explain a weight.
    """

    chance: Kind
    duplicate: Kind
    event: Kind
    usual: Kind

    def odds(self, levels: Levels) -> Floats:
        """Odds that each pair is a duplicate, against both other kinds."""
        against = self.chance.likelihood(levels) + self.event.likelihood(levels)
        return np.asarray(self.duplicate.likelihood(levels) / against)

    def bits(self, levels: Levels) -> dict[str, Floats]:
        """Weight of evidence for a duplicate against chance, in bits, of each level by itself."""
        found = {}
        both = zip(self.duplicate.parts, self.duplicate.shares, self.usual.shares, strict=True)
        for (names, given), mine, theirs in both:
            at = tuple(levels[name] for name in (*names, *given))
            found[names[0]] = np.log2(mine[at] / theirs[at])
        return found


def learn(reports: Reports) -> Weights:
    """Learn from reports of some weeks; nobody says which of them are duplicates."""
    near_by = near_pairs(reports)
    near = around(reports, *near_by)
    seen = compare(reports, near, *of_two_sources(reports, *near_by))
    met = of_two_sources(reports, *near_pairs(reports, A_DAY))
    apart = compare(reports, near, *met, A_DAY)
    ones = np.ones(len(apart["lag"]))
    usual = Kind.of(APART, apart, ones, START[0])
    found = Weights(Kind.of(CHANCE, apart, ones, START[0]), _alike(usual), _eventful(usual), usual)
    for _ in range(ROUNDS):
        found = _learned(found, seen)
    return found


def _learned(weights: Weights, seen: Levels) -> Weights:
    """One round of expectation and maximisation."""
    kinds = (weights.chance, weights.duplicate, weights.event)
    likely = np.stack([kind.likelihood(seen) for kind in kinds])
    likely /= likely.sum(axis=0)
    prior = likely.sum(axis=1) + HALF
    prior /= prior.sum()
    duplicate = Kind.of(APART, seen, likely[1], float(prior[1]))
    return Weights(
        Kind(CHANCE, weights.chance.shares, float(prior[0])),
        duplicate.replaced(room=_no_other_room(duplicate.table("room"))),
        Kind.of(APART, seen, likely[2], float(prior[2])),
        weights.usual,
    )


def _alike(usual: Kind) -> Kind:
    """Duplicates before anything is learned: the more alike, the more often."""
    guess = {name: _falling(len(names)) for name, names in LEVELS.items()}
    guess["busy"] = usual.table("busy")
    guess["metres"] = np.repeat(guess["metres"][:, None], len(LEVELS["site"]), axis=1)
    guess["room"] = _no_other_room(guess["room"])
    return Kind(APART, usual.shares, START[1]).replaced(**guess)


def _eventful(usual: Kind) -> Kind:
    """Pairs of one event before anything is learned: as by chance, but soon and in a crowd."""
    soon, crowd = (_falling(len(LEVELS[name])) for name in ("lag", "crowd"))
    return Kind(APART, usual.shares, START[2]).replaced(lag=soon, crowd=crowd[::-1])


def _falling(size: int) -> Floats:
    shares = AGREEING ** np.arange(size)
    return np.asarray(shares / shares.sum())


def _no_other_room(shares: Floats) -> Floats:
    """Two reports that name two different rooms are two cases."""
    other = ROOM.index("other_room")
    found = np.where(np.arange(len(shares)) == other, 0.0, shares)
    found *= (1 - NEVER) / found.sum()
    found[other] = NEVER
    return found
