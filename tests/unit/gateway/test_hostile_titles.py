import csv
import io
import zipfile
from email.message import Message

import httpx2
import pytest
from fastapi.testclient import TestClient

from services.gateway.store.batches import Batch
from services.gateway.store.jobs import Job
from shared.vocabulary import JobState
from tests.support.gateway import FakeGateway, batch, job

# What somebody may call a batch or a title, to see what becomes of it.
HOSTILE = [
    "../../etc/passwd",
    "..\\..\\windows\\system32",
    "/absolute",
    "name\r\nSet-Cookie: stolen=1",
    'a"; filename="b.exe',
    "=cmd|' /C calc'!A0",
    '\t=HYPERLINK("http://evil")',
    "\u202egpj.exe",
    "con",
    "a" * 1000,
    "%2e%2e%2fetc",
    "\u2028line\u2029paragraph",
]


@pytest.fixture(params=HOSTILE)
def made(request: pytest.FixtureRequest, gateway: FakeGateway) -> tuple[Batch, Job]:
    title = str(request.param)
    keep = gateway.storage.keep
    mine = gateway.batches.add(batch(name=title[:200]))
    done = job(
        batch_id=mine.batch_id,
        title=title,
        state=JobState.COMPLETED,
        audio=keep(b"audio"),
        srt=keep(b"srt", "application/x-subrip"),
        adapted=keep(b"text", "text/plain"),
    )
    return mine, gateway.jobs.add(done)


def saved_as(answer: httpx2.Response) -> tuple[str, str]:
    """Return the names that an old and a new browser save an answer as."""
    header = Message()
    header["Content-Disposition"] = answer.headers["Content-Disposition"]
    old = header.get_param("filename", header="content-disposition")
    modern = header.get_filename("")
    assert isinstance(old, str)
    return old, modern


@pytest.mark.parametrize("kind", ["audio", "srt", "script"])
def test_a_file_of_a_job_is_saved_where_its_reader_wants_it(
    client: TestClient, made: tuple[Batch, Job], kind: str
) -> None:
    answer = client.get(f"/v1/jobs/{made[1].job_id}/{kind}")

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert not set("\r\n") & set(answer.headers["Content-Disposition"])
    assert not answer.headers["Content-Disposition"].endswith('.exe"')
    for name in saved_as(answer):
        assert not set(name) & set('/\\:"\r\n\x00')
        assert name.strip(". ") == name


@pytest.mark.parametrize("path", ["download", "export?format=csv", "export?format=xlsx"])
def test_a_file_of_a_batch_is_saved_where_its_reader_wants_it(
    client: TestClient, made: tuple[Batch, Job], path: str
) -> None:
    answer = client.get(f"/v1/batches/{made[0].batch_id}/{path}")

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    for name in saved_as(answer):
        assert not set(name) & set('/\\:"\r\n\x00')
        assert name.endswith((".zip", ".csv", ".xlsx"))


def test_an_archive_unpacks_into_the_folder_it_is_unpacked_in(
    client: TestClient, made: tuple[Batch, Job]
) -> None:
    answer = client.get(f"/v1/batches/{made[0].batch_id}/download")

    for name in zipfile.ZipFile(io.BytesIO(answer.content)).namelist():
        parts = name.split("/")
        assert "" not in parts
        assert not {".", ".."} & set(parts)
        assert not set(name) & set('\\:"<>|?*\r\n\x00\u202e\u2028')
        assert all(len(part.encode()) <= 255 for part in parts)


@pytest.mark.parametrize("where", ["manifest", "export"])
def test_no_cell_begins_a_formula(client: TestClient, made: tuple[Batch, Job], where: str) -> None:
    path = f"/v1/batches/{made[0].batch_id}"
    if where == "export":
        data = client.get(f"{path}/export?format=csv").content
    else:
        archive = zipfile.ZipFile(io.BytesIO(client.get(f"{path}/download").content))
        (name,) = [name for name in archive.namelist() if name.endswith("manifest.csv")]
        data = archive.read(name)

    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]

    assert cells
    assert not [cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "@", "\t", "\r"))]


def test_what_is_shown_as_json_is_no_page(client: TestClient, gateway: FakeGateway) -> None:
    script = "</script><script>alert(1)</script>"
    mine = gateway.batches.add(batch(name=script))

    answer = client.get(f"/v1/batches/{mine.batch_id}")

    assert answer.json()["name"] == script
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "path",
    ["/v1/jobs/..%2f..%2fetc%2fpasswd/audio", "/assets/..%2f..%2fpyproject.toml", "/v1/../.env"],
)
def test_no_path_leads_out(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code in (404, 422)
    assert "root:" not in answer.text
    assert "[project]" not in answer.text
