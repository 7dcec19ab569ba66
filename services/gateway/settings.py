"""What gateway can be told from outside."""

from datetime import timedelta

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from services.gateway import rate_limits
from shared.runtime import CommonSettings

SHORTEST_SECRET = 32


class Settings(CommonSettings):
    """Where things are, who may come in, and how much at once."""

    # A secret that is too short must not be printed by the error that says so.
    model_config = SettingsConfigDict(hide_input_in_errors=True)

    database_url: str = Field(
        default="postgresql://localhost:5432/bolt", description="PostgreSQL, as a URL."
    )
    jwt_secret: SecretStr = Field(
        default=SecretStr(""),
        validate_default=True,
        description="Signs access tokens. Required; at least 32 bytes.",
    )
    access_token_minutes: int = Field(
        default=15, ge=1, le=1440, description="How long an access token is good for."
    )
    session_days: int = Field(
        default=30, ge=1, le=365, description="How long one stays signed in, however active."
    )
    rate_limits: str = Field(
        default="read=6000/60s,write=1200/60s,submit=300/60s,sign=120/60s,password=10/900s,"
        "refused=300/60s",
        description="Requests of one user (`read`, `write`, `submit`: what begins paid work), of "
        "one address to /v1/auth (`sign`), wrong passwords of one address for one account "
        "(`password`), and of one address tokens and API keys that are none (`refused`). What "
        "anybody may ask is `read`, by address. A class that is left out has no limit.",
    )
    ticket_seconds: int = Field(
        default=60, ge=5, le=600, description="How long a single-use WebSocket ticket waits."
    )
    cors_origins: str = Field(
        default="", description="Origins that may call from a browser, comma-separated. None: off."
    )
    max_body_bytes: int = Field(
        default=5_000_000, ge=10_000, description="The largest request body that is read."
    )
    max_jobs_per_batch: int = Field(
        default=10_000, ge=1, description="The most jobs one batch may expand to."
    )
    hashes_at_once: int = Field(
        default=2, ge=1, description="Passwords hashed at once; each takes 64 MiB while it lasts."
    )
    preview_seconds: float = Field(
        default=20.0, gt=0, description="How long to wait for a voice's first preview."
    )
    narration_seconds: float = Field(
        default=300.0, gt=0, description="The longest that a request waits for a narration."
    )
    webhook_allow_http: bool = Field(
        default=False, description="Whether webhooks may use plain HTTP."
    )
    webhook_allow_hosts: str = Field(
        default="",
        description="Hosts of webhooks that are exempt from every rule about addresses, "
        "comma-separated. For tests, and receivers inside your network.",
    )
    webhook_seconds: float = Field(
        default=15.0, gt=0, le=45, description="How long a webhook may take to answer."
    )
    webhook_disable_days: int = Field(
        default=5, ge=1, description="A webhook that took nothing for so long is disabled."
    )
    webhook_log_days: int = Field(default=30, ge=1, description="How long deliveries are kept.")
    notification_days: int = Field(default=90, ge=1, description="How long notifications are kept.")
    cache_speech_bytes: int = Field(
        default=5_000_000_000,
        ge=0,
        description="Stored segments of speech are kept within this; least recently used go first.",
    )
    batch_days: int = Field(
        default=0,
        ge=0,
        description="Batches are deleted so many days after their end; 0: never.",
    )
    zips_at_once: int = Field(
        default=8, ge=1, description="Downloads that may be compressing at one moment."
    )

    llm: str = Field(default="auto", description="As the scripter's: what estimates count with.")
    default_minutes: float = Field(
        default=1.0, gt=0, le=180, description="As the scripter's: for estimates."
    )
    block_characters: int = Field(
        default=1_600, ge=400, description="As the scripter's: for estimates."
    )
    part_characters: int = Field(
        default=8_000, ge=500, description="As the adapter's: for estimates."
    )
    narrator_encoders: int = Field(default=2, ge=1, description="As the narrator's: for estimates.")

    @field_validator("jwt_secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr) -> SecretStr:
        if len(secret.get_secret_value().encode()) < SHORTEST_SECRET:
            raise ValueError(
                f"JWT_SECRET must have at least {SHORTEST_SECRET} bytes; "
                "make one with: openssl rand -base64 48"
            )
        return secret

    @field_validator("rate_limits")
    @classmethod
    def _readable(cls, limits: str) -> str:
        rate_limits.parse(limits)
        return limits

    @property
    def keep_batches(self) -> timedelta | None:
        """Return how long a batch stays once it has ended; None: for ever."""
        return timedelta(days=self.batch_days) if self.batch_days else None

    @property
    def exempt_webhook_hosts(self) -> frozenset[str]:
        """Return `webhook_allow_hosts`, each as URLs have it."""
        given = (host.strip().lower() for host in self.webhook_allow_hosts.split(","))
        return frozenset(host for host in given if host)

    @property
    def allowed_origins(self) -> list[str]:
        """Return `cors_origins` as a list; empty where no browser may call."""
        return [origin.strip() for origin in self.cors_origins.split(",") if origin.strip()]
