"""The object store: does it keep what it is given?"""

from uuid import uuid4

from cli.diagnosis.findings import Finding, bad, fine
from shared.errors import PipelineError
from shared.providers import storage
from shared.runtime import CommonSettings

PART = "storage"
TYPE = "text/plain"


async def check() -> list[Finding]:
    """Write an object, read it back, remove it."""
    name = CommonSettings().storage
    key, data = f"doctor/{uuid4()}", uuid4().bytes
    try:
        async with storage.create(name) as store:
            await store.put(key, data, media_type=TYPE)
            kept = await store.get(key)
            await store.delete(key)
    except (PipelineError, OSError) as error:
        fix = "check the bucket, S3_ENDPOINT_URL and the keys, or STORAGE_LOCAL_ROOT"
        return [bad(PART, f"{name}: {error}", fix)]
    if kept != data:
        return [bad(PART, f"{name} gave back other bytes", "look for what stands in between")]
    return [fine(PART, f"{name} writes, reads and deletes")]
