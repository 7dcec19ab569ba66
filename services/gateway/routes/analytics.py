"""/analytics: what was made and spent."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.gateway.deps import Me, TheAnalytics
from services.gateway.errors import ForbiddenError
from services.gateway.moments import Moment
from services.gateway.principals import ADMIN
from services.gateway.routes.analytics_models import (
    ErrorSums,
    PreferencesSum,
    ProviderSums,
    SummaryRead,
    TrendRead,
    UsageSums,
)
from services.gateway.store.analytics import Period

router = APIRouter(prefix="/analytics", tags=["analytics"])

LONGEST = timedelta(days=400)
LONGEST_BY_HOUR = timedelta(days=31)
SHOWN = 50
PROBLEMS: dict[int | str, dict[str, Any]] = {
    403: {"description": "Only an admin may ask for everybody's figures."}
}


class PeriodQuery(BaseModel):
    """Whose figures, and of which time."""

    model_config = ConfigDict(extra="forbid")

    since: Moment | None = Field(
        default=None,
        description="From when on; left out: 30 days before `until`.",
        examples=["2026-11-01T00:00:00Z"],
    )
    until: Moment | None = Field(
        default=None,
        description="Until then, not included; left out: now.",
    )
    everyone: bool = Field(default=False, description="Of all users together. Admins only.")

    @model_validator(mode="after")
    def _reasonable(self) -> Self:
        since, until = self.bounds()
        if since >= until:
            raise ValueError("since must be before until")
        if until - since > LONGEST:
            raise ValueError(f"at most {LONGEST.days} days between since and until")
        return self

    def bounds(self) -> tuple[datetime, datetime]:
        """Return from when until when."""
        until = self.until or datetime.now(UTC)
        return self.since or until - timedelta(days=30), until

    def period(self, me: Me) -> Period:
        """Return what `me` may ask for.

        Raises:
            ForbiddenError: everybody's figures, and `me` is no admin.
        """
        if self.everyone and me.role != ADMIN:
            raise ForbiddenError("only an admin may ask for everyone; leave it out for your own")
        since, until = self.bounds()
        return Period(user_id=None if self.everyone else me.user_id, since=since, until=until)


class UsageQuery(PeriodQuery):
    """What usage is grouped by."""

    by: Literal["provider", "model", "language", "stage", "project", "batch", "user"] = Field(
        default="provider", description="What is summed up together."
    )


class TrendQuery(PeriodQuery):
    """How fine."""

    interval: Literal["hour", "day"] = Field(default="day")

    @model_validator(mode="after")
    def _not_too_fine(self) -> Self:
        since, until = self.bounds()
        if self.interval == "hour" and until - since > LONGEST_BY_HOUR:
            raise ValueError(f"at most {LONGEST_BY_HOUR.days} days by the hour")
        return self


def _period(query: Annotated[PeriodQuery, Query()], me: Me) -> Period:
    return query.period(me)


ThePeriod = Annotated[Period, Depends(_period)]


@router.get("/summary", summary="Sum everything up", responses=PROBLEMS)
async def read_summary(period: ThePeriod, analytics: TheAnalytics) -> SummaryRead:
    """Return jobs, audio, cost and success, with the period before for comparison."""
    return SummaryRead(**_time(period), **await analytics.summary(period))


@router.get("/usage", summary="Sum up what was spent", responses=PROBLEMS)
async def read_usage(
    query: Annotated[UsageQuery, Query()], me: Me, analytics: TheAnalytics
) -> UsageSums:
    """Return calls, tokens, characters, audio and cost, by what you name."""
    period = query.period(me)
    return UsageSums(**_time(period), items=await analytics.sums.spent(period, query.by))


@router.get("/trends", summary="Show trends", responses=PROBLEMS)
async def read_trends(
    query: Annotated[TrendQuery, Query()], me: Me, analytics: TheAnalytics
) -> TrendRead:
    """Return jobs, calls and cost by the hour or by the day, in UTC."""
    period = query.period(me)
    return TrendRead(**_time(period), items=await analytics.sums.trend(period, query.interval))


@router.get("/providers", summary="Show how providers do", responses=PROBLEMS)
async def read_providers(period: ThePeriod, analytics: TheAnalytics) -> ProviderSums:
    """Return what each model was used for, how fast it answered, and what it refused.

    What was spent is yours. How fast models answer is measured over all calls of the
    installation, and shown of those that you used.
    """
    return ProviderSums(**_time(period), items=await analytics.providers(period))


@router.get("/errors", summary="Show what went wrong", responses=PROBLEMS)
async def read_errors(period: ThePeriod, analytics: TheAnalytics) -> ErrorSums:
    """Return failed jobs and failed tries, by stage and category."""
    return ErrorSums(
        **_time(period),
        failures=await analytics.sums.failures(period, SHOWN),
        tries=await analytics.sums.tries(period, SHOWN),
    )


@router.get("/preferences", summary="Show what is asked for most", responses=PROBLEMS)
async def read_favoured(period: ThePeriod, analytics: TheAnalytics) -> PreferencesSum:
    """Return the languages and voices of your jobs, the most frequent first."""
    return PreferencesSum(
        **_time(period),
        languages=await analytics.sums.liked(period, "language", SHOWN),
        voices=await analytics.sums.liked(period, "voice", SHOWN),
    )


def _time(period: Period) -> dict[str, Any]:
    return {"since": period.since, "until": period.until}
