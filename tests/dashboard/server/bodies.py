"""Bodies of callbacks as a browser would send them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.server.callbacks import outputs_of

if TYPE_CHECKING:
    from dashboard.server.route import Listed


def body_of(listed: Listed, **values: Any) -> dict[str, Any]:  # noqa: ANN401
    """A body with these values by `component_property`; the others are null."""
    outputs = outputs_of(listed.output)

    def items(part: tuple[tuple[str, object], ...]) -> list[dict[str, Any]]:
        found = []
        for name, _ in part:
            component, _, prop = name.rpartition(".")
            key = f"{component}_{prop}".replace("-", "_")
            found.append({"id": component, "property": prop, "value": values.get(key)})
        return found

    return {
        "output": listed.output,
        "outputs": outputs if listed.output.startswith("..") else outputs[0],
        "inputs": items(listed.inputs),
        "state": items(listed.state),
        "changedPropIds": [listed.inputs[0][0]],
    }
