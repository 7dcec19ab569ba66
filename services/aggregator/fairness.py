"""Whose jobs go next. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch that has not ended.

    Attributes:
        waiting: Jobs that may be released now; none while it is paused or cancelled.
        in_flight: Jobs that are released and not ended.
    """

    batch_id: UUID
    user_id: UUID
    waiting: int
    in_flight: int


def portions(batches: Sequence[OpenBatch], *, window: int, limit: int) -> list[tuple[UUID, int]]:
    """Return how many jobs of which batches to release.

    The window is shared equally between users with open work; what one cannot use goes to
    the others. Everyone may have at least one job in flight, however many they are.

    Args:
        batches: From the oldest to the newest: a user's own batches go one after the other.
        window: Jobs that should be in flight, of all users together.
        limit: About how many to release at once.
    """
    users: dict[UUID, list[OpenBatch]] = {}
    for batch in batches:
        users.setdefault(batch.user_id, []).append(batch)
    free = {
        user: share - sum(batch.in_flight for batch in users[user])
        for user, share in _shares(users.items(), window)
    }
    hungry = [user for user, room in free.items() if room > 0 and _waiting(users[user])]
    each = max(1, limit // max(1, len(hungry)))
    return [part for user in hungry for part in _oldest(users[user], min(free[user], each))]


def _shares(
    users: Iterable[tuple[UUID, list[OpenBatch]]], window: int
) -> Iterator[tuple[UUID, int]]:
    # From the one who wants least: what is left over then is known to all after it.
    wants = sorted(
        (_waiting(batches) + sum(batch.in_flight for batch in batches), user)
        for user, batches in users
    )
    left = window
    for index, (want, user) in enumerate(wants):
        share = min(want, max(1, left // (len(wants) - index)))
        left = max(0, left - share)
        yield user, share


def _waiting(batches: Iterable[OpenBatch]) -> int:
    return sum(batch.waiting for batch in batches)


def _oldest(batches: Iterable[OpenBatch], room: int) -> Iterator[tuple[UUID, int]]:
    for batch in batches:
        take = min(batch.waiting, room)
        if take:
            yield batch.batch_id, take
        room -= take
