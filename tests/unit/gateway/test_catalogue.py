from fastapi.testclient import TestClient

from shared import catalogue


def test_lists_every_language_in_two_languages(stranger: TestClient) -> None:
    items = stranger.get("/v1/languages").json()["items"]

    found = {item["code"]: item for item in items}
    assert len(found) == len(catalogue.languages())
    assert found["pt-BR"]["name"] == catalogue.language("pt-BR").name
    assert found["pt-BR"]["name_pt"] == catalogue.language("pt-BR").name_pt
    assert found["pt-BR"]["voices"] == len(catalogue.voices(language="pt-BR"))


def test_lists_voices_page_by_page(stranger: TestClient) -> None:
    seen: list[str] = []
    params = {"language": "pt-BR", "limit": "7"}
    while params.get("cursor", "") is not None:
        page = stranger.get("/v1/voices", params=params).json()
        seen += [item["id"] for item in page["items"]]
        params["cursor"] = page["next_cursor"]

    assert seen == [voice.id for voice in catalogue.voices(language="pt-BR")]


def test_filters_voices(stranger: TestClient) -> None:
    answer = stranger.get("/v1/voices?language=pt-br&provider=google&gender=female&limit=200")

    items = answer.json()["items"]
    assert items
    assert {(i["language"], i["provider"], i["gender"]) for i in items} == {
        ("pt-BR", "google", "female")
    }


def test_an_unknown_filter_is_a_problem(stranger: TestClient) -> None:
    for query in ("language=xx", "provider=nobody", "gender=other"):
        answer = stranger.get(f"/v1/voices?{query}")

        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        field = query.partition("=")[0]
        assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{field}"]
