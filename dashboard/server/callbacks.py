"""Bodies of `/_dash-update-component`: a listed callback with exactly its listed arguments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.server.checks import Check
    from dashboard.server.route import Listed

KEYS: Final = frozenset(
    {"output", "outputs", "inputs", "state", "changedPropIds", "parsedChangedPropsIds"}
)
MAX_CHANGED: Final = 16

Named = tuple[tuple[str, "Check"], ...]


class BodyRefusedError(Exception):
    """A callback body that cannot be answered; the message says which part and why."""


def read_body(data: bytes) -> dict[str, Any]:
    """Read a callback body as a JSON object.

    Raises:
        BodyRefusedError: it is none, or nested beyond reason.
    """
    try:
        body = json.loads(data)
    except (ValueError, RecursionError) as error:
        message = "body: not JSON"
        raise BodyRefusedError(message) from error
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        message = "body: not an object with an output"
        raise BodyRefusedError(message)
    return body


def check_body(body: Mapping[str, Any], listed: Listed) -> dict[str, Any]:
    """Compare a body with the listed callback and give its values by `component.property`.

    Raises:
        BodyRefusedError: naming the part that differs.
    """
    strange = sorted(set(body) - KEYS)
    if strange:
        _refuse(strange[0][:64], "no such part")
    _check_outputs(body.get("outputs"), listed.output)
    values = _check_items("inputs", body.get("inputs", []), listed.inputs)
    values |= _check_items("state", body.get("state", []), listed.state)
    for part in ("changedPropIds", "parsedChangedPropsIds"):
        _check_changed(part, body.get(part, []), {name for name, _ in listed.inputs})
    return values


def outputs_of(output: str) -> list[dict[str, str]]:
    """The outputs an output id stands for: `a.b` or `..a.b...c.d..`."""
    several = output.startswith("..") and output.endswith("..")
    names = output[2:-2].split("...") if several else [output]
    pairs = [name.rpartition(".") for name in names]
    return [{"id": component, "property": prop} for component, _, prop in pairs]


def _check_outputs(given: object, output: str) -> None:
    expected = outputs_of(output)
    several = output.startswith("..")
    if given != (expected if several else expected[0]):
        _refuse("outputs", "not those of the output")


def _check_items(part: str, given: object, listed: Named) -> dict[str, Any]:
    if not isinstance(given, list) or len(given) != len(listed):
        _refuse(part, f"not a list of {len(listed)}")
    values = {}
    for item, (name, check) in zip(given, listed, strict=True):
        if not isinstance(item, dict) or not set(item) <= {"id", "property", "value"}:
            _refuse(part, "not an object of id, property and value")
        if f"{item.get('id')}.{item.get('property')}" != name:
            _refuse(part, f"{name} is expected here")
        if not check(item.get("value")):
            _refuse(name, "not a value this property can have")
        values[name] = item.get("value")
    return values


def _check_changed(part: str, given: object, names: set[str]) -> None:
    if not isinstance(given, list) or len(given) > MAX_CHANGED:
        _refuse(part, "not a short list")
    if not all(isinstance(name, str) and name in names for name in given):
        _refuse(part, "not inputs of this callback")


def _refuse(part: str, reason: str) -> NoReturn:
    message = f"{part}: {reason}"
    raise BodyRefusedError(message)
