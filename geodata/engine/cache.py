"""A bounded memory of answers, safe to share between threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")


class Recent(Generic[T]):
    """The most recently used answers; the oldest go first when their weights exceed the limit."""

    def __init__(self, limit: int, weigh: Callable[[T], int] = lambda _: 1) -> None:
        """Keep answers up to a total weight of `limit`."""
        self._limit = limit
        self._weigh = weigh
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._weight = 0
        self._making: dict[Hashable, Future[T]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give the kept answer, or make and keep it; who asks meanwhile waits for the first."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            others = self._making.get(key)
            if others is None:
                own: Future[T] = Future()
                self._making[key] = own
        return others.result() if others is not None else self._make(key, make, own)

    def _make(self, key: Hashable, make: Callable[[], T], own: Future[T]) -> T:
        try:
            made = make()
            weight = self._weigh(made)  # may fail as well: whoever waits must be told either way
        except BaseException as error:
            with self._lock:
                del self._making[key]
            own.set_exception(error)
            raise
        with self._lock:
            self._keep(key, made, weight)
            del self._making[key]
        own.set_result(made)
        return made

    def _keep(self, key: Hashable, made: T, weight: int) -> None:
        if key in self._kept:
            self._weight -= self._weigh(self._kept[key])
        self._kept[key] = made
        self._kept.move_to_end(key)
        self._weight += weight
        while self._weight > self._limit and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._weight -= self._weigh(oldest)
