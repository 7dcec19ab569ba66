"""What a route may ask for. Each alias is one thing the app's lifespan made."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path

from services.gateway.acceptance import Acceptance, Publisher
from services.gateway.analysing import Analytics
from services.gateway.archive.contents import Archive
from services.gateway.deleting import Deleting
from services.gateway.editing import Editor
from services.gateway.errors import NotFoundError
from services.gateway.estimating import Estimator
from services.gateway.identity import Identity
from services.gateway.narrating import Desk, Waiting
from services.gateway.objects import Objects
from services.gateway.passwords import Passwords
from services.gateway.previews import Previews
from services.gateway.provider_keys import ProviderKeys
from services.gateway.putting_right import DeadLetters
from services.gateway.resources import Everything, Resources
from services.gateway.sign_in import SignIn
from services.gateway.speech_cache import SpeechCache
from services.gateway.store.accounts import AccountStore
from services.gateway.store.agents import AgentStore
from services.gateway.store.api_keys import ApiKeyStore
from services.gateway.store.audit import AuditLog
from services.gateway.store.batches import Batch, BatchStore
from services.gateway.store.favourites import FavouriteStore
from services.gateway.store.jobs import Job, JobStore
from services.gateway.store.notifications import NotificationStore
from services.gateway.store.preferences import PreferenceStore
from services.gateway.store.sessions import SessionStore
from services.gateway.store.tickets import TicketStore
from services.gateway.store.usage import UsageStore
from services.gateway.store.users import UserStore
from services.gateway.store.works import Work
from services.gateway.system import System
from services.gateway.voice_refresh import VoiceRefresh
from services.gateway.webhooks.endpoints import Endpoints
from services.gateway.who import Admin, Me, SignedIn, TheVisitor

__all__ = [
    "Admin",
    "Everything",
    "Me",
    "Resources",
    "SignedIn",
    "TheVisitor",
]


def _users(everything: Everything) -> UserStore:
    return everything.admission.users


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


def _agents(everything: Everything) -> AgentStore:
    return everything.agents


def _preferences(everything: Everything) -> PreferenceStore:
    return everything.preferences


def _provider_keys(everything: Everything) -> ProviderKeys:
    return everything.provider_keys


def _voice_refresh(everything: Everything) -> VoiceRefresh:
    return everything.voice_refresh


def _previews(everything: Everything) -> Previews:
    return everything.previews


def _passwords(everything: Everything) -> Passwords:
    return everything.admission.passwords


def _accounts(everything: Everything) -> AccountStore:
    return everything.admission.accounts


def _sessions(everything: Everything) -> SessionStore:
    return everything.admission.sessions


def _api_keys(everything: Everything) -> ApiKeyStore:
    return everything.admission.api_keys


def _audit(everything: Everything) -> AuditLog:
    return everything.admission.audit


def _identity(everything: Everything) -> Identity:
    return everything.admission.identity


def _sign_in(everything: Everything) -> SignIn:
    return everything.admission.sign_in


def _acceptance(everything: Everything) -> Acceptance:
    return everything.acceptance


def _estimator(everything: Everything) -> Estimator:
    return everything.estimator


def _editor(everything: Everything) -> Editor:
    return everything.editor


def _deleting(everything: Everything) -> Deleting:
    return everything.deleting


def _orders(everything: Everything) -> Publisher:
    return everything.orders


def _dead_letters(everything: Everything) -> DeadLetters:
    return everything.dead_letters


def _analytics(everything: Everything) -> Analytics:
    return everything.insight.analytics


def _system(everything: Everything) -> System:
    return everything.insight.system


def _cache(everything: Everything) -> SpeechCache:
    return everything.insight.cache


def _objects(everything: Everything) -> Objects:
    return everything.objects


def _webhooks(everything: Everything) -> Endpoints:
    return everything.telling.endpoints


def _notifications(everything: Everything) -> NotificationStore:
    return everything.telling.notifications


def _archive(everything: Everything) -> Archive:
    return Archive(everything.jobs, everything.objects, everything.zip_slots)


def _waiting(everything: Everything) -> Waiting:
    return everything.waiting


def _desk(everything: Everything) -> Desk:
    return Desk(everything.acceptance, everything.waiting)


TheUsers = Annotated[UserStore, Depends(_users)]
TheDesk = Annotated[Desk, Depends(_desk)]
TheWaiting = Annotated[Waiting, Depends(_waiting)]
TheBatches = Annotated[BatchStore, Depends(_batches)]
TheJobs = Annotated[JobStore, Depends(_jobs)]
TheTickets = Annotated[TicketStore, Depends(_tickets)]
TheUsage = Annotated[UsageStore, Depends(_usage)]
TheFavourites = Annotated[FavouriteStore, Depends(_favourites)]
TheAgents = Annotated[AgentStore, Depends(_agents)]
ThePreferences = Annotated[PreferenceStore, Depends(_preferences)]
TheProviderKeys = Annotated[ProviderKeys, Depends(_provider_keys)]
TheVoiceRefresh = Annotated[VoiceRefresh, Depends(_voice_refresh)]
ThePreviews = Annotated[Previews, Depends(_previews)]
ThePasswords = Annotated[Passwords, Depends(_passwords)]
TheAccounts = Annotated[AccountStore, Depends(_accounts)]
TheSessions = Annotated[SessionStore, Depends(_sessions)]
TheApiKeys = Annotated[ApiKeyStore, Depends(_api_keys)]
TheAudit = Annotated[AuditLog, Depends(_audit)]
TheIdentity = Annotated[Identity, Depends(_identity)]
TheSignIn = Annotated[SignIn, Depends(_sign_in)]
TheAcceptance = Annotated[Acceptance, Depends(_acceptance)]
TheEstimator = Annotated[Estimator, Depends(_estimator)]
TheEditor = Annotated[Editor, Depends(_editor)]
TheOrders = Annotated[Publisher, Depends(_orders)]
TheDeleting = Annotated[Deleting, Depends(_deleting)]
TheDeadLetters = Annotated[DeadLetters, Depends(_dead_letters)]
TheAnalytics = Annotated[Analytics, Depends(_analytics)]
TheSystem = Annotated[System, Depends(_system)]
TheCache = Annotated[SpeechCache, Depends(_cache)]
TheObjects = Annotated[Objects, Depends(_objects)]
TheWebhooks = Annotated[Endpoints, Depends(_webhooks)]
TheNotifications = Annotated[NotificationStore, Depends(_notifications)]
TheArchive = Annotated[Archive, Depends(_archive)]

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


async def _my_work(job_id: JobId, me: Me, editor: TheEditor) -> Work:
    return await editor.work(me.user_id, job_id)


MyWork = Annotated[Work, Depends(_my_work)]
