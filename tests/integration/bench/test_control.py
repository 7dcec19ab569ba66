from typing import Any

import httpx2
import pytest

from bench.emulators import Addresses, Emulators
from tests.support.emulated import Ask

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_is_not_named_stays(urls: Addresses, http: httpx2.AsyncClient) -> None:
    url = f"{urls.tts_rest}/_control"
    await http.post(url, json={"quotas": [{"rpm": 5}], "seed": 7})

    after = (await http.post(url, json={"faults": [{"kind": "hang"}]})).json()
    reset = (await http.post(url, json={"reset": True})).json()

    assert (after["quotas"][0]["rpm"], after["seed"], after["faults"][0]["kind"]) == (5, 7, "hang")
    assert (reset["quotas"], reset["faults"]) == ([], [])


async def test_what_is_not_understood_changes_nothing(
    urls: Addresses, http: httpx2.AsyncClient, emulators: Emulators
) -> None:
    before = emulators.behaviour

    bodies: list[Any] = [{"fauls": []}, {"faults": [{"kind": "sleepy", "key": "secret-key"}]}, [1]]

    answers = [await http.post(f"{urls.gemini}/_control", json=body) for body in bodies]

    assert [each.status_code for each in answers] == [422, 422, 422]
    assert "secret-key" not in answers[1].text
    assert (await http.get(f"{urls.gemini}/_control")).json() == before.model_dump(mode="json")


async def test_counts_what_was_paid_for_by_fingerprint(
    urls: Addresses, http: httpx2.AsyncClient, ask: Ask, say: Ask
) -> None:
    await ask("Title: one")
    await ask("Title: one")
    await ask("Title: two")
    await say()

    report = (await http.get(f"{urls.gemini}/_calls")).json()

    assert (report["calls"], report["billable"], report["repeated"]) == (4, 4, 1)
    assert sorted(report["billable_by_fingerprint"].values()) == [1, 1, 2]
    assert [each["attempt"] for each in report["log"]] == [1, 2, 1, 1]
    assert all(each["delivered"] and each["status"] == 200 for each in report["log"])


async def test_forgets_on_demand(urls: Addresses, http: httpx2.AsyncClient, ask: Ask) -> None:
    await ask()

    await http.delete(f"{urls.gemini}/_calls")

    assert (await http.get(f"{urls.gemini}/_calls", params={"summary": 1})).json()["calls"] == 0
