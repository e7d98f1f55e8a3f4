"""Values that are made once, shared by threads, and given up in the order of their last use."""

from collections import OrderedDict
from collections.abc import Callable
from threading import RLock
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """At most `most` values by key. Who asks while one is made waits for it."""

    def __init__(self, most: int) -> None:
        """Begin with nothing kept."""
        self._most = most
        self._lock = RLock()
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return the value of `key`, made now if it is not kept. What `make` raises is raised, and nothing is kept."""
        with self._lock:
            if key not in self._values:
                self._values[key] = make()
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
            return self._values[key]
