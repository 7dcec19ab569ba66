"""The broker for machines without Java: librdkafka's own, in memory.

It is there for trying things out. It keeps nothing, drops the oldest of what
it holds at 5 MB a partition, and its consumer groups hold one member only.
"""

from pathlib import Path

from deploy.local import kafka_probe
from deploy.local.console import warn
from deploy.local.launcher import StartError
from deploy.local.part import Launch, Part
from deploy.local.paths import SERVERS_PYTHON

WARNING = (
    "No Kafka: the embedded broker is used. It is for trying things out: it keeps nothing when it "
    "stops,\nand one process of each service is all it serves. Java 17 and Maven make it Kafka."
)


class EmbeddedBroker(Part):
    """Speaks Kafka's protocol well enough for one process of each service."""

    name = "kafka"

    def prepare(self) -> Launch:
        """Declare the topics to it: it cannot be asked for new ones later."""
        if not SERVERS_PYTHON.exists():
            raise StartError("the servers are not installed: run `make setup`")
        warn(WARNING)
        # Here, not above: a stack on real Kafka must not need the application to be importable.
        from shared import topics

        declared = [f"{each.name}:{each.partitions}" for each in topics.ALL]
        self.folder.mkdir(parents=True, exist_ok=True)
        self._announcement.unlink(missing_ok=True)
        script = Path(__file__).with_name("embedded_broker_process.py")
        return Launch(
            [SERVERS_PYTHON, script, self._announcement, *declared], "", env={"PYTHONPATH": ""}
        )

    def settle(self, address: str) -> str:
        """Wait for the port it chose, and write that down."""
        self.launcher.wait(self.name, self._announcement.exists)
        found = self._announcement.read_text()
        self.launcher.readdress(self.name, found)
        return found or address

    def healthy(self, address: str) -> bool:
        """Ask for metadata."""
        return kafka_probe.answers(address)

    @property
    def _announcement(self) -> Path:
        return self.folder / "address"
