"""What a route may ask for. Each alias is one thing the app's lifespan made."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Path
from fastapi.security import OAuth2PasswordBearer
from starlette.requests import HTTPConnection

from services.gateway.acceptance import Acceptance, Publisher
from services.gateway.archive import Archive
from services.gateway.errors import NotFoundError, UnauthenticatedError
from services.gateway.estimating import Estimator
from services.gateway.live import Hub
from services.gateway.objects import Objects
from services.gateway.passwords import Passwords
from services.gateway.previews import Previews
from services.gateway.provider_keys import ProviderKeys
from services.gateway.store.batches import Batch, BatchStore
from services.gateway.store.favourites import FavouriteStore
from services.gateway.store.jobs import Job, JobStore
from services.gateway.store.tickets import TicketStore
from services.gateway.store.usage import UsageStore
from services.gateway.store.users import UserStore
from services.gateway.tokens import Principal, Tokens
from services.gateway.voice_refresh import VoiceRefresh


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Everything that lives as long as the process."""

    users: UserStore
    batches: BatchStore
    jobs: JobStore
    tickets: TicketStore
    usage: UsageStore
    favourites: FavouriteStore
    provider_keys: ProviderKeys
    voice_refresh: VoiceRefresh
    previews: Previews
    passwords: Passwords
    tokens: Tokens
    acceptance: Acceptance
    estimator: Estimator
    orders: Publisher
    objects: Objects
    hub: Hub
    zip_slots: asyncio.Semaphore


def resources(connection: HTTPConnection) -> Resources:
    """Return what the app's lifespan made."""
    return cast(Resources, connection.state.resources)


Everything = Annotated[Resources, Depends(resources)]


def _users(everything: Everything) -> UserStore:
    return everything.users


def _batches(everything: Everything) -> BatchStore:
    return everything.batches


def _jobs(everything: Everything) -> JobStore:
    return everything.jobs


def _tickets(everything: Everything) -> TicketStore:
    return everything.tickets


def _usage(everything: Everything) -> UsageStore:
    return everything.usage


def _favourites(everything: Everything) -> FavouriteStore:
    return everything.favourites


def _provider_keys(everything: Everything) -> ProviderKeys:
    return everything.provider_keys


def _voice_refresh(everything: Everything) -> VoiceRefresh:
    return everything.voice_refresh


def _previews(everything: Everything) -> Previews:
    return everything.previews


def _passwords(everything: Everything) -> Passwords:
    return everything.passwords


def _tokens(everything: Everything) -> Tokens:
    return everything.tokens


def _acceptance(everything: Everything) -> Acceptance:
    return everything.acceptance


def _estimator(everything: Everything) -> Estimator:
    return everything.estimator


def _orders(everything: Everything) -> Publisher:
    return everything.orders


def _objects(everything: Everything) -> Objects:
    return everything.objects


def _archive(everything: Everything) -> Archive:
    return Archive(everything.jobs, everything.objects, everything.zip_slots)


TheUsers = Annotated[UserStore, Depends(_users)]
TheBatches = Annotated[BatchStore, Depends(_batches)]
TheJobs = Annotated[JobStore, Depends(_jobs)]
TheTickets = Annotated[TicketStore, Depends(_tickets)]
TheUsage = Annotated[UsageStore, Depends(_usage)]
TheFavourites = Annotated[FavouriteStore, Depends(_favourites)]
TheProviderKeys = Annotated[ProviderKeys, Depends(_provider_keys)]
TheVoiceRefresh = Annotated[VoiceRefresh, Depends(_voice_refresh)]
ThePreviews = Annotated[Previews, Depends(_previews)]
ThePasswords = Annotated[Passwords, Depends(_passwords)]
TheTokens = Annotated[Tokens, Depends(_tokens)]
TheAcceptance = Annotated[Acceptance, Depends(_acceptance)]
TheEstimator = Annotated[Estimator, Depends(_estimator)]
TheOrders = Annotated[Publisher, Depends(_orders)]
TheObjects = Annotated[Objects, Depends(_objects)]
TheArchive = Annotated[Archive, Depends(_archive)]

_bearer = OAuth2PasswordBearer(
    tokenUrl="/v1/auth/token",
    auto_error=False,
    description="An access token from POST /v1/auth/token, as `Authorization: Bearer …`.",
)


def _principal(tokens: TheTokens, token: Annotated[str | None, Depends(_bearer)]) -> Principal:
    if token is None:
        raise UnauthenticatedError(
            "send an access token as 'Authorization: Bearer <token>'; POST /v1/auth/token gives one"
        )
    return tokens.read(token)


Me = Annotated[Principal, Depends(_principal)]

BatchId = Annotated[UUID, Path(description="The batch.")]
JobId = Annotated[UUID, Path(description="The job.")]


async def _my_batch(batch_id: BatchId, me: Me, batches: TheBatches) -> Batch:
    batch = await batches.get(me.user_id, batch_id)
    if batch is None:
        raise NotFoundError(f"you have no batch {batch_id}")
    return batch


async def _my_job(job_id: JobId, me: Me, jobs: TheJobs) -> Job:
    job = await jobs.get(me.user_id, job_id)
    if job is None:
        raise NotFoundError(f"you have no job {job_id}")
    return job


MyBatch = Annotated[Batch, Depends(_my_batch)]
MyJob = Annotated[Job, Depends(_my_job)]
