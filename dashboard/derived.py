"""What is made of a city's tables once and looked up ever after; it goes with the city."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")
_KEPT: Final[WeakKeyDictionary[object, dict[Hashable, Any]]] = WeakKeyDictionary()


def derived(city: object, name: Hashable, make: Callable[[], T]) -> T:
    """Give what was made of a city under a name; made twice by two threads it is the same."""
    kept = _KEPT.setdefault(city, {})
    if name not in kept:
        kept[name] = make()
    found: T = kept[name]
    return found
