from shared.catalogue import _convert as convert

CODES = ["pt-BR", "pt-PT", "fil-PH"]


def _sheet(**changes: object) -> dict[str, object]:
    entry = {
        "provider": "google-cloud-tts",
        "model_family": "wavenet",
        "locale": "pt-BR",
        "launch_stage": "GA",
        "voices": [
            {"name": "pt-BR-Wavenet-B", "gender": "MALE"},
            {"name": "pt-BR-Wavenet-A", "gender": "FEMALE"},
        ],
    }
    return {"entries": [entry | changes]}


def test_full_names_are_cut_into_what_they_share_and_what_they_do_not() -> None:
    (row,) = convert.rows(_sheet(), CODES)

    assert row["prefix"] == "pt-BR-Wavenet-"
    assert (row["female"], row["male"]) == ("A", "B")


def test_bare_names_get_the_language_and_a_model() -> None:
    voices = [{"name": "Kore", "gender": "FEMALE"}]

    (row,) = convert.rows(
        _sheet(model_family="gemini-tts", voices=voices, launch_stage="PREVIEW"), CODES
    )

    assert row["prefix"] == "pt-BR-Gemini-"
    assert (row["female"], row["launch_stage"]) == ("Kore", "Preview")
    assert row["model"]


def test_a_language_without_a_region_means_all_its_regions() -> None:
    found = [row["language"] for row in convert.rows(_sheet(locale="pt"), CODES)]

    assert found == ["pt-BR", "pt-PT"]


def test_providers_without_a_file_are_left_out() -> None:
    assert list(convert.rows(_sheet(provider="espeak-ng"), CODES)) == []


def test_who_speaks_a_language_in_one_way_only_speaks_one_region_of_it() -> None:
    voices = [{"name": "v2/pt_speaker_0", "gender": "UNSPECIFIED"}]

    (row,) = convert.rows(_sheet(provider="bark", locale="pt", voices=voices), CODES)

    assert (row["language"], row["prefix"], row["neutral"]) == ("pt-BR", "v2/pt_speaker_", "0")
