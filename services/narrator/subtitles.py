"""Subtitles from what is known for sure: when each segment is heard, and its sentences.

Inside a segment time is shared out in proportion to characters. A cue is a sentence, or a
part of a long one, or some short ones: at most two lines of 42 columns, for one to seven
seconds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from services.narrator import lines
from services.narrator.joining import Span
from services.narrator.segments import Segment

SRT = "application/x-subrip"
VTT = "text/vtt"

SHORTEST, LONGEST = 1.0, 7.0

# Columns that are easily read in a second, and what is left between a cue and the next.
READ_PER_SECOND = 17.0
APART = 0.08

# How much farther from the ideal place a sentence is rather cut, if a clause ends there.
_CLAUSE_BONUS = 0.2


@dataclass(frozen=True, slots=True)
class Cue:
    """What is on the screen, and when, in seconds."""

    start: float
    end: float
    text: str

    @property
    def seconds(self) -> float:
        """Return how long it is shown."""
        return self.end - self.start


def cues(segments: Sequence[Segment], spans: Sequence[Span]) -> tuple[Cue, ...]:
    """Return the cues of a narration, in order and apart; the last ends with it."""
    found: list[Cue] = []
    for segment, span in zip(segments, spans, strict=True):
        found += _lengthened(_merged(_timed(segment, span)))
    return tuple(_lingering(found))


def srt(cues: Sequence[Cue]) -> bytes:
    """Return the cues as SubRip."""
    blocks = (
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{_laid_out(cue)}\n"
        for number, cue in enumerate(cues, start=1)
    )
    return "\n".join(blocks).encode()


def vtt(cues: Sequence[Cue]) -> bytes:
    """Return the cues as WebVTT."""
    blocks = (
        f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n{_escaped(_laid_out(cue))}\n"
        for cue in cues
    )
    return "\n".join(("WEBVTT\n", *blocks)).encode()


def _timed(segment: Segment, span: Span) -> list[Cue]:
    said = segment.said or segment.sentences
    shown = [
        (text, max(1, len(" ".join(spoken.split()))))
        for each, spoken in zip(segment.sentences, said, strict=True)
        if (text := " ".join(each.split()))
    ]
    # A year of four digits takes as long as the words it is spoken in.
    pace = (span.end - span.start) / max(1, sum(length for _, length in shown))
    parts: list[str] = []
    lengths: list[float] = []
    for text, length in shown:
        share = length / len(text)
        cut = _parts(text, pace * share)
        parts += cut
        lengths += [len(part) * share for part in cut]
    ends = list(accumulate(lengths))
    times = [span.start, *(span.start + (span.end - span.start) * end / ends[-1] for end in ends)]
    return [Cue(*when, part) for when, part in zip(pairwise(times), parts, strict=True)]


def _parts(sentence: str, pace: float) -> list[str]:
    fewest = max(
        math.ceil(lines.columns(sentence) / (lines.LINES * lines.room_for(sentence))),
        math.ceil(len(sentence) * pace / LONGEST),
    )
    for anywhere in (False, True):
        places = lines.breaks(sentence, anywhere=anywhere)
        # More parts than these would not help: a word is too long. Inside words, they do.
        most = len(places) + 1 if anywhere else min(len(places) + 1, fewest + 8)
        for count in range(fewest, most + 1):
            parts = _cut(sentence, places, count)
            if all(len(part) * pace <= LONGEST and lines.fitted(part) for part in parts):
                return parts
    return [sentence]


def _cut(sentence: str, places: list[int], count: int) -> list[str]:
    length = len(sentence) / count
    cuts = [0]
    for number in range(1, count):
        later = [place for place in places if place > cuts[-1]]
        cuts += _nearest(sentence, later, number * length, length)
    cuts.append(len(sentence))
    return [part for start, end in pairwise(cuts) if (part := sentence[start:end].strip())]


def _nearest(sentence: str, places: list[int], ideal: float, length: float) -> list[int]:
    def distance(place: int) -> float:
        bonus = _CLAUSE_BONUS * length if lines.ends_clause(sentence, place) else 0.0
        return abs(place - ideal) - bonus

    return [min(places, key=distance)] if places else []


def _merged(cues: list[Cue]) -> list[Cue]:
    found: list[Cue] = []
    for cue in cues:
        short = bool(found) and min(found[-1].seconds, cue.seconds) < SHORTEST
        if short and (both := _both(found[-1], cue)):
            found[-1] = both
        else:
            found.append(cue)
    return found


def _both(one: Cue, next_one: Cue) -> Cue | None:
    wide = lines.columns(one.text[-1]) == lines.columns(next_one.text[0]) == 2
    text = one.text + ("" if wide else " ") + next_one.text
    if next_one.end - one.start > LONGEST or lines.fitted(text) is None:
        return None
    return Cue(one.start, next_one.end, text)


def _lengthened(cues: list[Cue]) -> list[Cue]:
    # What is too short to read takes time from a neighbour who has enough.
    found = list(cues)
    for index, cue in enumerate(found):
        if (missing := SHORTEST - cue.seconds) <= 0:
            continue
        if index + 1 < len(found) and found[index + 1].seconds - missing >= SHORTEST:
            found[index] = replace(cue, end=cue.end + missing)
            found[index + 1] = replace(found[index + 1], start=cue.end + missing)
        elif index and found[index - 1].seconds - missing >= SHORTEST:
            found[index] = replace(cue, start=cue.start - missing)
            found[index - 1] = replace(found[index - 1], end=cue.start - missing)
    return found


def _lingering(cues: list[Cue]) -> list[Cue]:
    # What is spoken too fast to read stays for the pause after it.
    found = list(cues)
    for index, (cue, next_one) in enumerate(pairwise(cues)):
        wanted = lines.columns(cue.text) / READ_PER_SECOND
        if cue.seconds < wanted:
            last = min(cue.start + min(wanted, LONGEST), next_one.start - APART)
            found[index] = replace(cue, end=max(cue.end, last))
    return found


def _laid_out(cue: Cue) -> str:
    return lines.fitted(cue.text) or cue.text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(seconds: float, point: str) -> str:
    milliseconds = round(seconds * 1_000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1_000:02}{point}{milliseconds % 1_000:03}"
