"""Settings every service has. Each service extends this class in its own settings.py."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import BaseSettings


class CommonSettings(BaseSettings):
    """Read once, at start, from the environment; never imported as a global."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    kafka_bootstrap_servers: str = Field(
        default="localhost:9092", description="Kafka brokers, comma-separated host:port."
    )
    redis_url: str = Field(
        default="redis://localhost:6379/0", description="Redis or Valkey: leases and the index."
    )
    storage: str = Field(default="local", description="Object store: a file of providers/storage.")
    artefact_ttl_days: int = Field(
        default=30,
        ge=1,
        description="How long the index remembers an artefact that nobody asks for.",
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")
    max_attempts: int = Field(
        default=3, ge=1, description="Tries of one job in one stage before it fails for good."
    )
    max_starts: int = Field(
        default=2,
        ge=1,
        description="Starts of one record during which the process died, before it is started "
        "apart from others; dying alone it is put aside.",
    )
    dead_letter_limit: int = Field(
        default=20,
        ge=0,
        description="A stage stops when so many of its last DEAD_LETTER_SAMPLE records failed by "
        "a bug, or for good in several batches. 0: never.",
    )
    dead_letter_sample: int = Field(
        default=25, ge=1, description="How many of a stage's last records that limit looks at."
    )
    window: int = Field(
        default=2_048,
        ge=1,
        description="Messages one process may hold fetched and not yet done; one user's at most "
        "half of them. More than twice RELEASE_WINDOW, so that nobody's wait behind another's.",
    )
    user_handlers: int = Field(
        default=256,
        ge=1,
        description="Jobs of one user that one process works on at once at most, so that the first "
        "end while the last wait in its window; fewer while processors are short. Not fewer than a "
        "provider takes calls at once.",
    )
    handler_seconds: float = Field(
        default=1_800.0, gt=0, description="How long one try of one job in one stage may take."
    )
    park_after_seconds: float = Field(
        default=60.0,
        gt=0,
        description="How long a job waits for a provider's quota before its stage gives it back "
        "until then.",
    )
    session_timeout_seconds: int = Field(
        default=45, ge=6, description="How long Kafka waits for a silent replica before it is out."
    )
    kafka_group_instance_id: str | None = Field(
        default=None,
        description="Static membership: a replica that restarts under the same id takes its "
        "partitions back at once. Unique per replica of a service.",
    )
    otel_exporter_otlp_endpoint: str | None = Field(
        default=None, description="Where spans go, e.g. http://collector:4318. Nowhere if unset."
    )
    otel_traces_sampler_arg: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="Which part of all traces is kept, from 0 to 1. A job is traced in every "
        "service or in none.",
    )
    drain_seconds: float = Field(
        default=60.0, ge=0, description="How long SIGTERM waits for work in flight to finish."
    )

    @property
    def handlers_of_a_user(self) -> int:
        """Return how many jobs of one user are worked on at once in this stage."""
        return self.user_handlers

    @property
    def attempts(self) -> int:
        """Return how often one job is tried in this stage."""
        return self.max_attempts
