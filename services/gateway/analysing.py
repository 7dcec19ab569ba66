"""What a user, or everybody, made and spent: figures that follow from the stored sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.store.analytics import AnalyticsStore, Period
from services.gateway.store.provider_calls import Answers, ProviderCalls
from shared.errors import UnavailableError

TOP = 5


@dataclass(frozen=True, slots=True)
class Analytics:
    """Figures of a period."""

    sums: AnalyticsStore
    calls: ProviderCalls

    async def summary(self, period: Period) -> dict[str, Any]:
        """Return the whole on one page, with the period before for comparison."""
        now, before = await self.sums.totals(period), await self.sums.totals(period.before)
        days = await self.sums.trend(period, "day")
        busiest = max(days, key=lambda day: day["jobs"], default=None)
        return figures(now) | {
            "previous": figures(before),
            "busiest_day": busiest if busiest and busiest["jobs"] else None,
            "top_languages": await self.sums.liked(period, "language", TOP),
            "top_voices": await self.sums.liked(period, "voice", TOP),
            "top_failures": await self.sums.failures(period, TOP),
            "by_provider": (await self.sums.spent(period, "provider"))[:TOP],
            "dearest_batches": (await self.sums.spent(period, "batch"))[:TOP],
        }

    async def providers(self, period: Period) -> list[dict[str, Any]]:
        """Return what each model was used for, and how it answered.

        How it answered is known of all calls together. To whom asks for himself it is shown of
        those models only that he used.
        """
        spent = {row["name"]: dict(row) for row in await self.sums.spent(period, "model")}
        answers = {f"{a.provider}/{a.model}": a for a in await self._answers(period)}
        names = list(spent) + [name for name in answers if name not in spent]
        if period.user_id is not None:
            names = list(spent)
        return [_provider(name, spent.get(name), answers.get(name)) for name in names]

    async def _answers(self, period: Period) -> list[Answers]:
        try:
            return await self.calls.between(period.since, period.until)
        except UnavailableError:
            # What was spent is known without Redis, and says the more important half.
            return []


def figures(totals: Mapping[str, Any]) -> dict[str, Any]:
    """Return totals with the rates that follow from them; None where there is no such rate."""
    ended = totals["completed"] + totals["failed"]
    hours = totals["audio_seconds"] / 3_600
    median, p95 = totals["seconds"] or (None, None)
    return {
        **{name: value for name, value in totals.items() if name != "seconds"},
        "success_rate": totals["completed"] / ended if ended else None,
        "cached_rate": totals["cached_jobs"] / totals["completed"] if totals["completed"] else None,
        "cost_per_audio_hour_usd": totals["cost_usd"] / hours if hours else None,
        "median_seconds": median,
        "p95_seconds": p95,
    }


def _provider(
    name: str, spent: Mapping[str, Any] | None, answers: Answers | None
) -> dict[str, Any]:
    provider, _, model = name.partition("/")
    used = {key: value for key, value in (spent or {}).items() if key != "name"}
    nothing = {"calls": 0, "characters": 0, "audio_seconds": 0.0, "cost_usd": 0.0}
    return {
        "provider": provider,
        "model": model,
        **(used or nothing | {"input_tokens": 0, "output_tokens": 0}),
        "answers": answers
        and {
            "calls": answers.calls,
            "outcomes": dict(answers.outcomes),
            "mean_seconds": answers.mean_seconds,
            "p50_seconds": answers.quantile(0.5),
            "p95_seconds": answers.quantile(0.95),
        },
    }
