"""What was asked of a job, in words: for the history, beside its alternatives, and when refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from dashboard.i18n import t
from dashboard.i18n.amounts import count, percent
from dashboard.server.planning.bodies import WEIGHTS, BodyError, Fault
from geodata.planner.sizes import Size, SizeRefusedError, check_size
from geodata.scenarios.named import called

if TYPE_CHECKING:
    from dashboard.server.planning.scope import Scope
    from geodata.planner.rules import Cited, Rules

ROOM: Final = "planner"
TAKEN: Final = "taken"
SETTINGS: Final = ("size", "weights", "tolerance", "seed")
UNSIZED: Final = "rebalance"  # keeps the grids there are


def check(scope: Scope, rules: Rules, given: dict[str, Any]) -> None:
    """Refuse a size that the way to draw, the rules or the land forbid.

    Raises:
        BodyError: this way to draw has no size.
        SizeRefusedError: no division can have it.
    """
    if "size" not in given:
        return
    if given["kind"] == UNSIZED:
        raise BodyError(Fault.UNSIZED, "size")
    ground, size = scope.there.ground, Size(**given["size"])
    check_size(ground, scope.plan, scope.communities, rules, size)


def refusal(error: SizeRefusedError, language: str) -> str:
    """Why a size cannot be had, with the rule that forbids it and where that comes from."""
    limit = 0 if error.rule is None else error.rule.value
    return t(
        f"{ROOM}.size_{error.why.name.lower()}", language, wished=count(error.wished, language),
        limit=count(limit, language), bound=count(error.bound, language),
        households=count(error.households, language), cited=cited(error.rule, language),
    )  # fmt: skip


def cited(rule: Cited | None, language: str) -> str:
    """Where a rule comes from."""
    return "" if rule is None else (rule.cited_zh if language == "zh" else rule.cited_en)


def size(asked: dict[str, Any], language: str) -> str:
    """The size that was asked for; nothing where none was."""
    wish = asked.get("size", {})
    return "".join(
        t(f"{ROOM}.size_{key}", language, n=count(number, language)) for key, number in wish.items()
    )


def noted(key: str, asked: dict[str, Any]) -> str:
    """That an alternative of a job was taken, as the history keeps it: in no language yet."""
    known = {name: asked[name] for name in SETTINGS if name in asked}
    return json.dumps({TAKEN: key, **known}, sort_keys=True)


def reason(text: str, language: str) -> str:
    """The reason of a step in words, or the name that it is; what a person wrote stays so."""
    try:
        note = json.loads(text)
        name = t(f"{ROOM}.alternative_{note[TAKEN]}", language)
        how = settings(note, language)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return called(text, language)
    taken = t(f"{ROOM}.js_take_reason", language, name=name)
    return t(f"{ROOM}.took", language, reason=taken, how=how) if how else taken


def settings(asked: dict[str, Any], language: str) -> str:
    """All by which a job can be done again, as far as it was given."""
    found = [size(asked, language)]
    if weights := asked.get("weights"):
        shares = " / ".join(percent(weights[name], 0) for name in WEIGHTS)
        found.append(t(f"{ROOM}.took_weights", language, weights=shares))
    if tolerance := asked.get("tolerance"):
        found.append(t(f"{ROOM}.took_tolerance", language, share=percent(tolerance, 0)))
    if (seed := asked.get("seed")) is not None:  # 0 is one as well
        found.append(t(f"{ROOM}.took_seed", language, seed=seed))
    return t(f"{ROOM}.also", language).join(filter(None, found))
