"""Whose turn it is: users one after the other, and each user's requests in order."""

from collections import OrderedDict, deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """What waits. A user with one request is served after at most one of every other's."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[T]] = OrderedDict()

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def add(self, user: str, item: T) -> None:
        """Put `item` behind what `user` waits for already."""
        self._waiting.setdefault(user, deque()).append(item)

    def next(self) -> T | None:
        """Take out what is next, if anything waits."""
        if not self._waiting:
            return None
        user, items = self._waiting.popitem(last=False)
        item = items.popleft()
        if items:
            self._waiting[user] = items
        return item
