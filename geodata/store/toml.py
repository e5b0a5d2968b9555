"""Plain values as TOML text, for the profile kept with each snapshot."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence


def dump(table: Mapping[str, object]) -> str:
    """Write a table as TOML: one line a key, nested values inline; reading gives them back."""
    return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in table.items())


def _key(name: str) -> str:
    plain = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if plain else _text(name)


def _text(text: str) -> str:
    # JSON strings are TOML strings, but for the one control character JSON leaves bare.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(str(k))} = {_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, int | float):
        return repr(value)
    msg = f"{type(value).__name__} has no TOML form here"
    raise TypeError(msg)
