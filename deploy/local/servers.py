"""Which servers there are, and which of two is meant where two can do."""

from deploy.local.embedded_broker import EmbeddedBroker
from deploy.local.environment import Environment
from deploy.local.kafka import Kafka
from deploy.local.launcher import Launcher
from deploy.local.part import Part
from deploy.local.postgres import Postgres
from deploy.local.s3 import S3
from deploy.local.valkey import Valkey

# What the product needs. The S3 server is for those who ask: a folder does otherwise.
SERVERS = ("kafka", "postgres", "valkey")
EVERY_SERVER = (*SERVERS, "s3")

_KINDS: dict[str, type[Part]] = {"kafka": Kafka, "postgres": Postgres, "valkey": Valkey, "s3": S3}


def embedded_broker(environment: Environment) -> bool:
    """Say whether the embedded broker stands in for Kafka."""
    if environment.provided("kafka"):
        return False
    return environment.embedded_broker or not Kafka.possible(environment)


def server(name: str, launcher: Launcher) -> Part:
    """Return a server by its name.

    Raises:
        KeyError: There is no such server.
    """
    if name == "kafka" and embedded_broker(launcher.environment):
        return EmbeddedBroker(launcher)
    return _KINDS[name](launcher)
