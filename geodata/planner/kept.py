"""What does not change is reckoned once: a bounded memory beside what it was reckoned from."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

T = TypeVar("T")
MISSING: Final = object()


class Kept:
    """Results by all that they rest on; those that were not asked for longest go first."""

    def __init__(self, most: int) -> None:
        """Nothing is known yet; most: results that are kept."""
        self._most, self._lock = most, Lock()
        self._held: OrderedDict[Hashable, Any] = OrderedDict()

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result for a key, made now if it is not at hand."""
        return self.each([key], lambda _: make())[0]

    def held(self, key: Hashable) -> Any:  # noqa: ANN401 (whatever was made)
        """The result for a key, MISSING where it is not at hand."""
        with self._lock:
            return self._held.get(key, MISSING)

    def each(self, keys: Sequence[Hashable], make: Callable[[int], T]) -> list[T]:
        """The results for many keys; make: of the place of one that is not at hand."""
        with self._lock:
            found = [self._held.get(key, MISSING) for key in keys]
            for key in keys:
                if key in self._held:
                    self._held.move_to_end(key)
        fresh = {row: make(row) for row, each in enumerate(found) if each is MISSING}
        with self._lock:  # two may have made the same at once; both are right
            for row, made in fresh.items():
                self._held[keys[row]] = found[row] = made
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return found
