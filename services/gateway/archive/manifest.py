"""manifest.csv: one line per job, whatever became of it, safe to open in a spreadsheet."""

import csv
import io

from services.gateway.store.jobs import Job

COLUMNS = (
    "file", "title", "language", "voice", "variation", "aspect", "state",
    "seconds", "characters", "error", "job_id",
)  # fmt: skip

# What a spreadsheet takes for the start of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Manifest:
    """Lines as CSV, in UTF-8 with the mark by which Excel knows it."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        self._writer = csv.writer(self._text)
        self._writer.writerow(COLUMNS)

    def add(self, job: Job, file: str, *, missing: bool = False) -> None:
        """Add a line for `job`.

        Args:
            job: What the line is about.
            file: Where its audio is in the archive; empty where there is none.
            missing: Whether the audio should be there, and the store no longer has it.
        """
        state = "missing" if missing else job.state.value
        seconds = "" if job.audio_seconds is None else f"{job.audio_seconds:.3f}"
        row = (
            file, job.title, job.language, job.voice or "", job.variation, job.aspect, state,
            seconds, job.characters if job.characters is not None else "", job.error or "",
            job.job_id,
        )  # fmt: skip
        self._writer.writerow([_harmless(str(cell)) for cell in row])

    def encode(self) -> bytes:
        """Return the file."""
        return self._text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
