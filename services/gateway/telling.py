"""What many are told at once: made once and encoded once, however many watch."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from shared.events import BatchesProgress

# Watchers of one event read it within moments of each other.
RECENT = 256


class Told(dict[str, Any]):
    """A message whose text is made once."""

    @cached_property
    def text(self) -> str:
        """Return it as it goes over the wire."""
        return encode(self)


class Telling:
    """The newest events as their watchers are told them."""

    def __init__(self) -> None:
        # By identity: who watches is given the same object. It is kept, so its id stays its own.
        self._recent: OrderedDict[int, tuple[BatchesProgress, Told]] = OrderedDict()

    def progress(self, event: BatchesProgress) -> Told:
        """Return the message of `event`: the same one for everybody."""
        if known := self._recent.get(id(event)):
            return known[1]
        told = Told(type="progress", **event.model_dump(mode="json", exclude={"caused_by"}))
        self._recent[id(event)] = event, told
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        return told


def text_of(message: Mapping[str, Any]) -> str:
    """Return a message as it goes over the wire."""
    return message.text if isinstance(message, Told) else encode(message)


def encode(message: Mapping[str, Any]) -> str:
    """Return JSON without spaces, in the characters people wrote."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
