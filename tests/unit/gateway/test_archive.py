import csv
import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.archive.manifest import Manifest
from services.gateway.archive.names import MOST_BYTES, MOST_CHARACTERS, Taken, disposition, safe
from services.gateway.store.batches import Batch
from services.gateway.store.jobs import Job
from shared.vocabulary import JobState
from tests.support.gateway import NOW, FakeGateway, batch, job


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("O segredo das abelhas", "O segredo das abelhas"),
        ("中文标题", "中文标题"),
        ("العربية", "العربية"),
        ("Cafe\u0301", "Café"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("C:\\Windows", "C-Windows"),
        ('a<b>c:d"e|f?g*h', "a-b-c-d-e-f-g-h"),
        ("tab\tand\nline", "tab and line"),
        ("nul\x00bell\x07", "nulbell"),
        ("\u202egpj.exe", "gpj.exe"),
        ("ends. . ", "ends"),
        ("...", "untitled"),
        ("???", "untitled"),
        ("", "untitled"),
        ("CON", "_CON"),
        ("com1.txt", "_com1.txt"),
        ("Conan", "Conan"),
    ],
)
def test_names_are_readable_and_harmless(title: str, name: str) -> None:
    assert safe(title) == name


def test_a_name_is_cut_between_letters() -> None:
    long = safe("e\u0301\u0327" * 200)

    assert len(long) <= MOST_CHARACTERS
    assert long.endswith(("\u0301", "\u0327"))


@given(st.text(max_size=300))
def test_no_title_makes_a_dangerous_name(title: str) -> None:
    name = safe(title)

    assert 0 < len(name.encode()) <= MOST_BYTES + 1
    assert not set(name) & set('<>:"/\\|?*\x00\n')
    assert name not in {".", ".."}
    assert name.strip(" .") == name
    disposition(name).encode("latin-1")


def test_a_name_is_given_once_even_where_case_does_not_count() -> None:
    taken = Taken()

    names = [taken.claim(name) for name in ("Bees", "bees", "BEES", "Bees (2)")]

    assert len({name.casefold() for name in names}) == 4
    assert names[0] == "Bees"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1"])
def test_a_title_cannot_become_a_formula(cell: str) -> None:
    manifest = Manifest()

    manifest.add(job(title=cell), "")

    assert rows(manifest.encode())[0]["title"] == f"'{cell}"


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def download(client: TestClient, mine: Batch) -> zipfile.ZipFile:
    answer = client.get(f"/v1/batches/{mine.batch_id}/download")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    return archive


def spoken(gateway: FakeGateway, mine: Batch, **changes: Any) -> Job:
    keep = gateway.storage.keep
    position = len(gateway.jobs.rows)
    values: dict[str, Any] = {
        "batch_id": mine.batch_id,
        "position": position,
        "state": JobState.COMPLETED,
        "audio": keep(b"audio %d" % position),
        "srt": keep(b"srt", "application/x-subrip"),
        "vtt": keep(b"vtt", "text/vtt"),
        "adapted": keep(b"text", "text/plain"),
        "audio_seconds": 1.5,
        "completed_at": NOW + timedelta(seconds=position),
    }
    return gateway.jobs.add(job(**values | changes))


def test_a_batch_comes_as_files_with_readable_names(
    client: TestClient, gateway: FakeGateway
) -> None:
    mine = gateway.batches.add(batch(name="Semana do espaço"))
    for title in ("Título", "星空"):
        for language in ("pt-BR", "en-US"):
            spoken(gateway, mine, title=title, language=language)

    archive = download(client, mine)

    assert archive.namelist()[:4] == [
        "pt-BR/001 - Título (v1).mp3",
        "pt-BR/001 - Título (v1).srt",
        "pt-BR/001 - Título (v1).vtt",
        "pt-BR/001 - Título (v1).txt",
    ]
    assert "en-US/002 - 星空 (v1).mp3" in archive.namelist()
    assert archive.read("en-US/001 - Título (v1).mp3") == b"audio 1"
    assert archive.namelist()[-2:] == ["manifest.csv", "report.json"]


def test_the_zip_is_called_as_the_batch_is(client: TestClient, gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch(name="Espaço"))

    answer = client.get(f"/v1/batches/{mine.batch_id}/download")

    assert answer.headers["Content-Disposition"].endswith("filename*=UTF-8''Espa%C3%A7o.zip")


def test_what_is_not_done_is_in_the_manifest_only(client: TestClient, gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch())
    spoken(gateway, mine, title="Done")
    gateway.jobs.add(job(batch_id=mine.batch_id, position=8, title="Queued"))
    failed = job(
        batch_id=mine.batch_id, position=9, title="Failed", state=JobState.FAILED, error="no voice"
    )
    gateway.jobs.add(failed)

    archive = download(client, mine)

    found = rows(archive.read("manifest.csv"))
    assert [(row["title"], row["state"], row["error"]) for row in found] == [
        ("Done", "completed", ""),
        ("Queued", "queued", ""),
        ("Failed", "failed", "no voice"),
    ]
    assert found[0]["file"] in archive.namelist()
    assert len(archive.namelist()) == 4 + 2


def test_an_empty_batch_is_an_archive_all_the_same(
    client: TestClient, gateway: FakeGateway
) -> None:
    mine = gateway.batches.add(batch())

    assert download(client, mine).namelist() == ["manifest.csv", "report.json"]


def test_one_lost_object_does_not_cost_the_rest(client: TestClient, gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch())
    lost = spoken(gateway, mine, title="Lost")
    spoken(gateway, mine, title="Kept")
    assert lost.audio is not None
    del gateway.storage.objects[lost.audio.key]

    archive = download(client, mine)

    assert [row["state"] for row in rows(archive.read("manifest.csv"))] == ["missing", "completed"]
    report = json.loads(archive.read("report.json"))
    assert report["missing_files"] == ["pt-BR/001 - Lost (v1).mp3"]
    assert report["batch"]["batch_id"] == str(mine.batch_id)


def test_voices_of_one_language_are_told_apart(client: TestClient, gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch())
    for voice in ("espeak:pt-BR", "pt-BR-Chirp3-HD-Kore"):
        spoken(gateway, mine, title="Bees", voice=voice)

    names = [name for name in download(client, mine).namelist() if name.endswith(".mp3")]

    assert names == [
        "pt-BR/001 - Bees (v1) - espeak-pt-BR.mp3",
        "pt-BR/001 - Bees (v1) - pt-BR-Chirp3-HD-Kore.mp3",
    ]


def test_no_name_is_there_twice(client: TestClient, gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch())
    for _ in range(3):
        spoken(gateway, mine, title="Bees", language="pt-BR", voice=None)

    names = download(client, mine).namelist()

    assert len(names) == len(set(names)) == 14


def test_many_downloads_at_once_all_end(gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch())
    for _ in range(5):
        spoken(gateway, mine)

    with gateway.client() as client, ThreadPoolExecutor(12) as pool:
        archives = list(pool.map(lambda _: download(client, mine), range(12)))

    assert {len(archive.namelist()) for archive in archives} == {22}
