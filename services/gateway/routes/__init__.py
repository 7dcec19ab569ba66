"""One file per resource: its router and the shapes it speaks. Listed here once."""

from services.gateway.routes import (
    auth,
    batch_control,
    batch_download,
    batch_estimate,
    batch_events,
    batch_results,
    batch_status,
    batch_usage,
    batches,
    job_files,
    jobs,
    languages,
    me,
    provider_keys,
    tickets,
    voice_favourites,
    voice_previews,
    voice_refresh,
    voices,
)

# In the order of the documentation.
ROUTERS = (
    auth.router,
    me.router,
    provider_keys.router,
    batches.router,
    batch_estimate.router,
    batch_status.router,
    batch_control.router,
    batch_results.router,
    batch_usage.router,
    batch_download.router,
    batch_events.router,
    jobs.router,
    job_files.router,
    languages.router,
    voices.router,
    voice_previews.router,
    voice_refresh.router,
    voice_favourites.router,
    tickets.router,
)

TAGS = (
    {"name": "auth", "description": "Accounts and access tokens."},
    {"name": "keys", "description": "What providers are called with on your behalf."},
    {"name": "batches", "description": "Ask for audio, follow it, take it home."},
    {"name": "jobs", "description": "One title in one language by one voice."},
    {"name": "catalogue", "description": "Languages, and who speaks them."},
    {"name": "live", "description": "Progress as it happens."},
)
