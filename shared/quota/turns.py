"""Whose turn it is: whoever had fewest of late, and of each user's work the oldest."""

import heapq
import itertools
from collections import OrderedDict
from typing import Generic, TypeVar

from shared.quota.caller import turn

T = TypeVar("T")

# After so many turns, what users had until then counts half.
MEMORY = 64
# So often it is the turn of whoever waited longest: those who come and go in a stream, with
# nothing behind them, would else keep everybody waiting who has had something.
LONGEST_WAIT_EVERY = 4


class Turns(Generic[T]):
    """What waits. A user with a few requests hardly waits for another's thousands.

    Of one user, what was taken up first goes first, also where it asks for the tenth time
    and others for the first: so that work ends, instead of all of it being begun.
    """

    def __init__(self) -> None:
        # The number after the turn keeps equals in order, and items from being compared.
        self._waiting: OrderedDict[str, list[tuple[int, int, T]]] = OrderedDict()
        self._numbers = itertools.count()
        self._had: dict[str, float] = {}
        self._turns = itertools.count(1)

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def add(self, user: str, item: T) -> None:
        """Put `item` among what `user` waits for, by the turn of the work at hand."""
        entry = (turn.get(), next(self._numbers), item)
        heapq.heappush(self._waiting.setdefault(user, []), entry)

    def next(self) -> T | None:
        """Take out what is next, if anything waits."""
        if not self._waiting:
            return None
        number = next(self._turns)
        user = self._whose(number)
        self._had[user] = self._had.get(user, 0.0) + 1.0
        if number % MEMORY == 0:
            self._had = {user: had / 2 for user, had in self._had.items() if had >= 1.0}
        items = self._waiting.pop(user)
        item = heapq.heappop(items)[-1]
        if items:
            self._waiting[user] = items
        return item

    def _whose(self, number: int) -> str:
        # In the order in which they had their last turn, or came: the first of equals is taken.
        if number % LONGEST_WAIT_EVERY == 0:
            return next(iter(self._waiting))
        return min(self._waiting, key=lambda user: self._had.get(user, 0.0))
