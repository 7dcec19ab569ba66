import io
import json
import zipfile
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from openpyxl import Workbook, load_workbook

from services.gateway.sheets import reading
from tests.support.gateway import FakeGateway

HEAD = "title;language;voice;aspect;minutes\n"


def sent(client: TestClient, data: bytes, common: Any = None) -> httpx2.Response:
    form = {} if common is None else {"common": json.dumps(common)}
    files = {"file": ("sheet", data)}
    answer: httpx2.Response = client.post("/v1/batches/import", files=files, data=form)
    return answer


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def rows_of(gateway: FakeGateway) -> list[tuple[Any, ...]]:
    (submission,) = gateway.submissions.rows.values()
    assert submission.event.request is not None
    return [
        (row.title, row.language, row.voice, row.variation, row.aspect)
        for row in submission.event.request.rows
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_however_it_was_saved(
    gateway: FakeGateway, client: TestClient, encoding: str, delimiter: str
) -> None:
    text = "Título;Idioma;Voz\r\nO céu à noite;pt-BR;\r\nBees;en-US;espeak:en-US\r\n"
    data = text.replace(";", delimiter).encode(encoding)

    answer = sent(client, data)

    assert answer.status_code == 202, answer.text
    assert rows_of(gateway) == [
        ("O céu à noite", "pt-BR", "espeak:pt-BR", 1, ""),
        ("Bees", "en-US", "espeak:en-US", 1, ""),
    ]


def test_quotes_line_breaks_and_the_line_that_names_the_delimiter_are_understood(
    gateway: FakeGateway, client: TestClient
) -> None:
    answer = sent(client, b'sep=;\ntitle;language\n"Bees; and ""rain""\nagain";en-US\n\n;;\n')

    assert answer.status_code == 202, answer.text
    assert rows_of(gateway)[0][0] == 'Bees; and "rain"\nagain'


def test_a_workbook_is_read(gateway: FakeGateway, client: TestClient) -> None:
    data = workbook(
        ("title", "language", "aspect", "minutes", "notes"),
        ("Bees", "en-US", "", 2, "x"),
        ("Bees", "en-US", "hook: a question", 2.5, None),
    )

    answer = sent(client, data, {"name": "From Excel", "options": {"target_minutes": 2}})

    assert answer.status_code == 202, answer.text
    assert answer.json()["ignored_columns"] == ["notes"]
    assert answer.json()["batch"]["name"] == "From Excel"
    assert [row[3:] for row in rows_of(gateway)] == [(1, ""), (2, "hook: a question")]
    (submission,) = gateway.submissions.rows.values()
    assert submission.event.request is not None
    second = submission.event.request.rows[1].options
    assert second is not None
    assert second.target_minutes == 2.5


def test_a_list_of_titles_takes_its_languages_from_what_holds_for_all(
    gateway: FakeGateway, client: TestClient
) -> None:
    answer = sent(client, b"title\nBees\nRain\n", {"languages": ["pt-BR", "en-US"]})

    assert answer.json()["batch"]["counts"]["total"] == 4


def test_languages_of_the_sheet_come_before_those_that_hold_for_all(
    gateway: FakeGateway, client: TestClient
) -> None:
    common = {"languages": ["ja-JP"], "voices": {}, "variations": [{"aspect": "hook"}]}

    answer = sent(client, b"title;language\nBees;en-US\n", common)

    assert answer.status_code == 202, answer.text
    assert [row[1] for row in rows_of(gateway)] == ["en-US"]


def test_every_problem_says_its_line_and_its_column(client: TestClient) -> None:
    text = (
        "Title;Language;Voice;Minutes\nBees;xx-XX;;\n\nRain;en-US;espeak:pt-BR;\nSnow;en-US;;many\n"
    )

    bad_number = sent(client, text.encode())
    others = sent(client, text.replace("many", "2").encode())

    assert bad_number.status_code == others.status_code == 422
    assert [(e["row"], e["column"]) for e in bad_number.json()["errors"]] == [(5, "Minutes")]
    assert [(e["row"], e["column"]) for e in others.json()["errors"]] == [
        (2, "Language"),
        (4, "Voice"),
    ]


def test_a_row_that_is_there_twice_is_said_by_its_line(client: TestClient) -> None:
    answer = sent(client, (HEAD + "Bees;en-US;;;\nBees;en-US;;;\n").encode())

    (error,) = answer.json()["errors"]
    assert error["row"] == 3
    assert "/rows/0" in error["detail"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\n;;\n", "empty"),
        (b"name of it\nBees\n", "no column 'title'"),
        (b"title;T\xedtulo\nBees;x\n", "one column"),
        (b"\x7fELF\x00\x00\x00", "neither CSV nor XLSX"),
        (b"PK\x03\x04 nothing", "not an XLSX"),
        (b"title;language\n" + b";" * 101 + b"\n" + b"x;" * 101, "columns"),
    ],
)
def test_what_is_no_sheet_is_refused(client: TestClient, data: bytes, said: str) -> None:
    answer = sent(client, data)

    assert answer.status_code == 422
    assert said in answer.json()["errors"][0]["detail"]


def test_a_workbook_that_grows_without_measure_is_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_INFLATED", 3_000_000)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 4_000_000)

    answer = sent(client, data.getvalue())

    assert answer.status_code == 422
    assert "unpacked" in answer.json()["errors"][0]["detail"]


def test_a_workbook_with_entities_is_refused(client: TestClient) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')

    answer = sent(client, data.getvalue())

    assert "document types" in answer.json()["errors"][0]["detail"]


def test_a_cell_far_away_takes_no_memory(client: TestClient) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["B1"] = "title", "language"
    sheet["A1048576"] = "Bees"
    data = io.BytesIO()
    book.save(data)

    answer = sent(client, data.getvalue())

    assert answer.status_code == 422
    assert "lines" in answer.json()["errors"][0]["detail"]


def test_too_many_rows_are_refused(gateway: FakeGateway) -> None:
    gateway.settings = gateway.settings.model_copy(update={"max_jobs_per_batch": 3})
    with gateway.client() as client:
        answer = sent(client, b"title;language\n" + b"Bees;en-US\n" * 5)

    assert "more than 3 rows" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_template_is_a_batch_as_it_stands(
    gateway: FakeGateway, client: TestClient, format: str
) -> None:
    template = client.get("/v1/batches/import/template", params={"format": format})

    answer = sent(client, template.content)

    assert answer.status_code == 202, answer.text
    assert len(rows_of(gateway)) == 2


def test_a_template_is_a_workbook(client: TestClient) -> None:
    template = client.get("/v1/batches/import/template")

    book = load_workbook(io.BytesIO(template.content))
    assert book.worksheets[0]["A1"].value == "title"
    assert template.headers["content-disposition"].startswith("attachment")
