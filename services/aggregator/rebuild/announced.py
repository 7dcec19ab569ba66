"""What watchers were told of batches, read back from where they were told it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from pydantic import ValidationError

from services.aggregator.store.shadow import Announced
from shared.events import BatchesCompleted, BatchesProgress
from shared.vocabulary import TERMINAL_BATCH_STATES, BatchCounts, BatchState, JobState

# A batch ends again when a failed job of it is done after all.
MOST_ENDINGS = 1_000


@dataclass(slots=True)
class Told:
    """The last that was said of each batch in question."""

    wanted: frozenset[bytes]
    progress: dict[UUID, BatchesProgress] = field(default_factory=dict)
    endings: dict[UUID, set[UUID]] = field(default_factory=dict)
    last_ending: dict[UUID, BatchesCompleted] = field(default_factory=dict)

    async def listen(self, portions: AsyncIterator[Sequence[Any]]) -> None:
        """Take in what was said."""
        async for portion in portions:
            for record in portion:
                if record.key in self.wanted and record.value:
                    self._hear(record)

    def _hear(self, record: Any) -> None:
        try:
            if record.topic == BatchesProgress.topic.name:
                said = BatchesProgress.model_validate_json(record.value)
                before = self.progress.get(said.batch_id)
                if before is None or said.seq > before.seq:
                    self.progress[said.batch_id] = said
            else:
                ended = BatchesCompleted.model_validate_json(record.value)
                self.endings.setdefault(ended.batch_id, set()).add(ended.event_id)
                self.last_ending[ended.batch_id] = ended
        except ValidationError:
            # Not ours, then: whoever wrote it told our watchers nothing.
            return

    def of(self, batch: Mapping[str, Any]) -> Announced:
        """Return where the announcements of a rebuilt batch go on."""
        batch_id = batch["batch_id"]
        said = self.progress.get(batch_id)
        announced = self._announced_endings(batch_id)
        endings = announced
        if batch["state"] in TERMINAL_BATCH_STATES and not self._is_last_ending(batch):
            endings += 1
        return Announced(
            seq=said.seq if said else 0,
            endings=endings,
            announced_ending=announced,
            dirty=said is None or (said.state, said.counts) != _stands(batch),
        )

    def _announced_endings(self, batch_id: UUID) -> int:
        ids = self.endings.get(batch_id, set())
        numbers = range(1, MOST_ENDINGS if ids else 1)
        return max((n for n in numbers if uuid5(batch_id, f"ended/{n}") in ids), default=0)

    def _is_last_ending(self, batch: Mapping[str, Any]) -> bool:
        last = self.last_ending.get(batch["batch_id"])
        return last is not None and (last.state, last.counts) == _stands(batch)


def _stands(batch: Mapping[str, Any]) -> tuple[BatchState, BatchCounts]:
    counts = {state.value: batch[state.value] for state in JobState}
    return BatchState(batch["state"]), BatchCounts(total=batch["total"], **counts)
