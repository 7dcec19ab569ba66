"""The machine this runs on: its clock and its room."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from cli.diagnosis.findings import Finding, bad, fine, poor
from shared.providers import load, storage
from shared.runtime import CommonSettings

PART = "machine"
# Ages of records and leases are compared across machines.
TOLERATED_SECONDS = 2.0
LEAST_BYTES = 1024**3


async def check() -> list[Finding]:
    """Look at the room on the disks that are written to."""
    folders = {"temporary files": Path(tempfile.gettempdir())}
    if CommonSettings().storage == "local":
        folders["the object store"] = Path(load(storage, "local").Settings().root)
    return [_room(what, folder) for what, folder in folders.items()]


def clock(part: str, theirs: datetime, ours: datetime) -> Finding:
    """Return whether two clocks agree."""
    apart = abs((theirs - ours).total_seconds())
    if apart > TOLERATED_SECONDS:
        return poor(part, f"its clock and ours are {apart:.1f} s apart", "see to NTP on both")
    return fine(part, f"its clock and ours are {apart * 1000:.0f} ms apart")


def _room(what: str, folder: Path) -> Finding:
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    room = shutil.disk_usage(there)
    says = f"{room.free / 1e9:.1f} GB free for {what} in {folder}"
    if room.free < LEAST_BYTES:
        return bad(PART, says, "make room: narrations are joined in temporary files")
    if room.free < room.total * 0.05:
        return poor(PART, says, "less than a twentieth is left")
    return fine(PART, says)
