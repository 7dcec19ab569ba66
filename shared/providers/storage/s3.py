"""Amazon S3, and any server that speaks its protocol (`S3_ENDPOINT_URL`)."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import aioboto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.errors import InvalidRequestError, UnavailableError
from shared.providers.storage.base import Listed, Storage, Stored
from shared.settings import BaseSettings

CHUNK_BYTES = 256 * 1024
NOT_THERE = {"404", "NoSuchKey", "NotFound"}


class Settings(BaseSettings):
    """Which bucket, and how to get in. Without keys, the SDK's own chain of credentials."""

    model_config = SettingsConfigDict(env_prefix="S3_", env_file=".env", extra="ignore")

    endpoint_url: str | None = Field(default=None, description="A server other than Amazon's.")
    bucket: str = Field(default="bolt-ia", description="Must exist, and needs no public access.")
    region: str = Field(default="us-east-1", description="The bucket's region.")
    access_key_id: str | None = Field(default=None, description="Access key.")
    secret_access_key: SecretStr | None = Field(default=None, description="Its secret.")
    connections: int = Field(default=64, ge=1, description="Requests open at once.")


class S3Storage:
    """Objects in one bucket. The SHA-256 of each travels as user metadata."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = AsyncExitStack()
        self._client: Any = None

    async def __aenter__(self) -> Self:
        settings = self._settings
        secret = settings.secret_access_key
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if settings.endpoint_url else "auto"},
            # Not every server keeps the checksums that newer SDKs send by default.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=5,
            read_timeout=60,
            retries={"max_attempts": 3, "mode": "standard"},
            max_pool_connections=settings.connections,
        )
        session = aioboto3.Session(
            aws_access_key_id=settings.access_key_id,
            aws_secret_access_key=secret.get_secret_value() if secret else None,
            region_name=settings.region,
        )
        client = session.client("s3", endpoint_url=settings.endpoint_url, config=config)
        self._client = await self._stack.enter_async_context(client)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._stack.aclose()

    async def put(self, key: str, data: bytes, *, media_type: str) -> Stored:
        sha256 = hashlib.sha256(data).hexdigest()
        await self._call(
            "put_object",
            key,
            Body=data,
            ContentType=media_type,
            Metadata={"sha256": sha256},
        )
        return Stored(key=key, bytes=len(data), sha256=sha256, media_type=media_type)

    async def head(self, key: str) -> Stored | None:
        try:
            answer = await self._call("head_object", key)
        except InvalidRequestError:
            return None
        return Stored(
            key=key,
            bytes=answer["ContentLength"],
            sha256=answer["Metadata"].get("sha256", ""),
            media_type=answer["ContentType"],
            changed_at=answer["LastModified"].timestamp(),
        )

    async def get(self, key: str) -> bytes:
        return b"".join([chunk async for chunk in self.stream(key)])

    async def stream(
        self, key: str, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        last = "" if end is None else str(end - 1)
        part = {"Range": f"bytes={start}-{last}"} if start or end is not None else {}
        answer = await self._call("get_object", key, **part)
        async with answer["Body"] as body:
            try:
                async for chunk in body.content.iter_chunked(CHUNK_BYTES):
                    yield chunk
            except (BotoCoreError, OSError) as error:
                raise UnavailableError(f"the object store broke off {key!r}: {error}") from error

    async def listing(self, prefix: str) -> AsyncIterator[Listed]:
        more: dict[str, str] = {}
        while True:
            answer = await self._call("list_objects_v2", prefix, Prefix=prefix, **more)
            for row in answer.get("Contents", ()):
                changed = row["LastModified"].timestamp()
                yield Listed(key=row["Key"], bytes=row["Size"], changed_at=changed)
            if not answer.get("IsTruncated"):
                return
            more = {"ContinuationToken": answer["NextContinuationToken"]}

    async def delete(self, key: str) -> None:
        await self._call("delete_object", key)

    async def send(self, key: str, file: Path) -> None:
        """Store a file in parts, however large it is."""
        with _answering("upload", key):
            await self._client.upload_file(str(file), self._settings.bucket, key)

    async def fetch(self, key: str, file: Path) -> None:
        """Write an object to a file in parts."""
        with _answering("download", key):
            await self._client.download_file(self._settings.bucket, key, str(file))

    async def _call(self, operation: str, key: str, **arguments: Any) -> Any:
        call = getattr(self._client, operation)
        named = arguments if "Prefix" in arguments else {"Key": key, **arguments}
        with _answering(operation, key):
            return await call(Bucket=self._settings.bucket, **named)


@contextmanager
def _answering(operation: str, key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in NOT_THERE:
            raise InvalidRequestError(f"no object {key!r} in the store") from None
        raise UnavailableError(f"the object store refused {operation}: {error}") from error
    except (BotoCoreError, OSError) as error:
        raise UnavailableError(f"the object store did not answer: {error}") from error


async def upload(file: Path, bucket: str, key: str) -> None:
    """Store a file in a bucket of its own."""
    async with S3Storage(Settings().model_copy(update={"bucket": bucket})) as store:
        await store.send(key, file)


async def download(bucket: str, key: str, file: Path) -> None:
    """Read an object of a bucket of its own."""
    async with S3Storage(Settings().model_copy(update={"bucket": bucket})) as store:
        await store.fetch(key, file)


def configured() -> bool:
    return Settings().endpoint_url is not None


def create() -> Storage:
    return S3Storage(Settings())
