"""Every topic, declared once: created from here, documented from here, secured from here.

To add one: a constant below, and a class of the same name in `shared/events/`.
"""

from dataclasses import dataclass

DAY_MS = 86_400_000
DEAD_LETTER_DAYS = 90
DEAD = ".dead"

STAGES = ("scripter", "adapter", "narrator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A Kafka topic.

    Attributes:
        name: What it is called on the broker.
        key: What its records are keyed by, in words; equal keys stay in order.
        published_by: Services that write it; "external" marks a public way in.
        consumed_by: Services that read it as a consumer group of the same name.
        partitions: An upper bound on replicas per stage, not on concurrency.
        retention_ms: How long records are kept.
        compacted: Whether only the newest record of a key is kept.
        whole_ms: How long older records of a key are kept nevertheless.
    """

    name: str
    key: str
    published_by: tuple[str, ...]
    consumed_by: tuple[str, ...]
    # Divides evenly among 1, 2, 3, 4, 6, 8, 12 and 24 replicas.
    partitions: int = 24
    retention_ms: int = 14 * DAY_MS
    compacted: bool = False
    whole_ms: int = 0

    @property
    def config(self) -> dict[str, str]:
        """Return the broker's topic configuration."""
        config = {
            "cleanup.policy": "compact" if self.compacted else "delete",
            "retention.ms": str(self.retention_ms),
        }
        if self.whole_ms:
            config["min.compaction.lag.ms"] = str(self.whole_ms)
        return config

    def dead_letter(self, service: str) -> "Topic":
        """Return where `service` puts what it cannot process from this topic."""
        return Topic(
            name=dead_letter_name(self.name, service),
            key=f"as in {self.name}",
            published_by=(service,),
            consumed_by=("aggregator",),
            partitions=3,
            retention_ms=DEAD_LETTER_DAYS * DAY_MS,
        )


def dead_letter_name(topic: str, service: str) -> str:
    """Return what the dead letters of `service` from `topic` are called."""
    return f"{topic}.{service}{DEAD}"


BATCHES_SUBMITTED = Topic(
    name="batches.submitted",
    key="batch_id",
    published_by=("gateway",),
    consumed_by=("aggregator",),
    partitions=6,
)
JOBS_REQUESTED = Topic(
    name="jobs.requested",
    key="the master script: jobs that share one meet in one partition",
    published_by=("aggregator", "external"),
    consumed_by=("scripter", "aggregator"),
)
SCRIPT_GENERATED = Topic(
    name="script.generated",
    key="job_id",
    published_by=("scripter", "external"),
    consumed_by=("adapter", "aggregator"),
)
SCRIPT_ADAPTED = Topic(
    name="script.adapted",
    key="job_id",
    published_by=("adapter", "external"),
    consumed_by=("narrator", "aggregator"),
)
AUDIO_READY = Topic(
    name="audio.ready",
    key="job_id",
    published_by=("narrator",),
    consumed_by=("aggregator",),
)
JOBS_FAILED = Topic(
    name="jobs.failed",
    key="job_id",
    published_by=STAGES,
    consumed_by=("aggregator", "gateway"),
)
JOBS_PARKED = Topic(
    name="jobs.parked",
    key="job_id",
    published_by=STAGES,
    consumed_by=("aggregator",),
)
JOBS_PROGRESS = Topic(
    name="jobs.progress",
    key="job_id",
    published_by=STAGES,
    consumed_by=("aggregator",),
    partitions=6,
    retention_ms=DAY_MS,
)
BATCHES_CONTROL = Topic(
    name="batches.control",
    key="batch_id, or job_id when one job is meant",
    published_by=("gateway",),
    consumed_by=("aggregator",),
    partitions=6,
    compacted=True,
    # As long as the events are kept that it is about.
    whole_ms=14 * DAY_MS,
)
BATCHES_PROGRESS = Topic(
    name="batches.progress",
    key="batch_id",
    published_by=("aggregator",),
    consumed_by=("gateway",),
    partitions=6,
    compacted=True,
)
BATCHES_COMPLETED = Topic(
    name="batches.completed",
    key="batch_id",
    published_by=("aggregator",),
    consumed_by=("gateway",),
    partitions=6,
)

DECLARED = (
    BATCHES_SUBMITTED,
    JOBS_REQUESTED,
    SCRIPT_GENERATED,
    SCRIPT_ADAPTED,
    AUDIO_READY,
    JOBS_FAILED,
    JOBS_PARKED,
    JOBS_PROGRESS,
    BATCHES_CONTROL,
    BATCHES_PROGRESS,
    BATCHES_COMPLETED,
)
DEAD_LETTERS = tuple(
    topic.dead_letter(service) for topic in DECLARED for service in topic.consumed_by
)
ALL = DECLARED + DEAD_LETTERS


def writers(topic: Topic) -> tuple[str, ...]:
    """Return who may write `topic`.

    Beside those who publish it: the gateway sends dead letters back to where they were, and
    on what a user approved or edited; the aggregator sends on what was parked.
    """
    also: tuple[str, ...] = ()
    if topic in DECLARED:
        also = ("gateway", "aggregator") if "external" in topic.published_by else ("gateway",)
    return tuple(dict.fromkeys((*topic.published_by, *also)))


def readers(topic: Topic) -> tuple[str, ...]:
    """Return who may read `topic`, as a group or beside all groups.

    Beside those who consume it: all follow what users order, the gateway what it shows.
    """
    also: tuple[str, ...] = ()
    if topic == BATCHES_CONTROL:
        also = (*STAGES, "gateway")
    elif topic not in DECLARED:
        also = ("gateway",)
    return tuple(dict.fromkeys((*topic.consumed_by, *also)))
