import asyncio
from uuid import uuid4

import pytest

from shared.errors import BadSpeechError, StoppedError, UnavailableError
from shared.quota import Budgets

pytestmark = pytest.mark.connected


async def test_a_budget_is_never_exceeded_however_many_call_at_once(redis_url: str) -> None:
    batch, spent = uuid4(), 0.0

    async with Budgets(redis_url) as one, Budgets(redis_url) as other:
        await one.know({batch: 0.0})

        async def call(number: int) -> None:
            nonlocal spent
            async with (one, other)[number % 2].hold(batch, 0.2, limit_usd=1.0) as made:
                await asyncio.sleep(0)
                made.cost_usd = 0.1
                spent += made.cost_usd

        made = asyncio.gather(*(call(number) for number in range(30)), return_exceptions=True)
        outcomes = await made

    refused = [outcome for outcome in outcomes if outcome is not None]
    assert 0.8 < spent <= 1.0
    assert all(isinstance(each, StoppedError) and each.why == "budget" for each in refused)


async def test_nothing_is_spent_before_it_is_known_what_was(redis_url: str) -> None:
    batch = uuid4()

    async with Budgets(redis_url) as budgets:
        with pytest.raises(UnavailableError, match="counted"):
            async with budgets.hold(batch, 0.1, limit_usd=1.0):
                raise AssertionError("nothing may be called")

        await budgets.know({batch: 0.95})
        # What is known is not told anew: calls were spent on top of it since.
        await budgets.know({batch: 0.0})

        with pytest.raises(StoppedError, match=r"0\.95 USD of a budget of 1\.00 USD"):
            async with budgets.hold(batch, 0.1, limit_usd=1.0):
                raise AssertionError("nothing may be called")
        async with budgets.hold(batch, 0.1, limit_usd=2.0) as call:
            call.cost_usd = 0.05


async def test_a_call_that_failed_is_given_back_and_useless_speech_is_not(redis_url: str) -> None:
    batch = uuid4()

    async with Budgets(redis_url) as budgets:
        await budgets.know({batch: 0.0})
        for error in (UnavailableError("503"), BadSpeechError("silent")):
            with pytest.raises(type(error)):
                async with budgets.hold(batch, 0.6, limit_usd=1.0):
                    raise error

        with pytest.raises(StoppedError, match=r"0\.60 USD"):
            async with budgets.hold(batch, 0.6, limit_usd=1.0):
                raise AssertionError("nothing may be called")
