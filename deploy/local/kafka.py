"""Apache Kafka itself: one KRaft node on the Java of this machine."""

import os
import shutil
import string
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

from deploy.local import java, kafka_files, kafka_probe, ports
from deploy.local.environment import Environment
from deploy.local.launcher import StartError
from deploy.local.part import Launch, Part
from deploy.local.paths import RESOURCES

# Made for a quick start on a small machine: the first compiler only, one collector thread.
_OPTIONS = (
    "-Xms96m",
    "-Xmx384m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xshare:auto",
    # Its complaints about classes it cannot archive say nothing to anyone.
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
    "-Djava.awt.headless=true",
    f"-Dlog4j2.configurationFile={RESOURCES / 'log4j2.properties'}",
)


class Kafka(Part):
    """A real broker: groups, transactions, compaction, data that survives a restart."""

    name = "kafka"

    @staticmethod
    def possible(environment: Environment) -> bool:
        """Say whether this machine can run it: Java, and either the jars or Maven."""
        fetchable = kafka_files.fetched() or kafka_files.maven(environment)
        return bool(fetchable) and java.find(environment) is not None

    def prepare(self) -> Launch:
        """Fetch the jars, write the configuration, format the data folder."""
        found = java.find(self.environment)
        if found is None:
            raise StartError(f"Kafka needs Java {java.OLDEST} or newer")
        jars = kafka_files.fetch(self.launcher)
        port = self.state.port("kafka")
        configuration = str(self._configure(port))
        logs = f"-Dkafka.logs.dir={self.folder / 'logs'}"
        options = [*_OPTIONS, logs, "-cp", f"{jars}/*"]
        if not (self.folder / "data" / "meta.properties").exists():
            self._format([str(found), *_use_archive(jars), *options], configuration)
        archive = _use_archive(jars) or [f"-XX:ArchiveClassesAtExit={self._archive}"]
        command = [str(found), *archive, *options, "kafka.Kafka", configuration]
        return Launch(command, f"127.0.0.1:{port}")

    def healthy(self, address: str) -> bool:
        """Ask for metadata: the port is open before the broker can serve it."""
        return ports.answers(int(address.rpartition(":")[2])) and kafka_probe.answers(address)

    def stop(self) -> None:
        """Stop, and share the class archive that a first run leaves at its end."""
        super().stop()
        jars = kafka_files.fetched()
        if self._archive.exists() and jars is not None:
            shared = _shared_archive(jars)
            # Copied, since the state may lie on another file system; then whole or not at all.
            draft = shared.with_suffix(f".{os.getpid()}")
            shutil.copyfile(self._archive, draft)
            draft.replace(shared)
            self._archive.unlink()

    def _configure(self, port: int) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        template = string.Template((RESOURCES / "server.properties").read_text())
        configuration = self.folder / "server.properties"
        configuration.write_text(
            template.substitute(
                port=port,
                controller_port=self.state.port("kafka-controller"),
                data=self.folder / "data",
            )
        )
        return configuration

    def _format(self, run: list[str], configuration: str) -> None:
        # The first byte is zero: an id that begins with "-" would be read as an option.
        cluster = urlsafe_b64encode(b"\0" + uuid.uuid4().bytes[1:]).rstrip(b"=").decode()
        arguments = ["format", "--cluster-id", cluster, "--config", configuration]
        self.launcher.step(
            "formatting Kafka's data folder", [*run, "kafka.tools.StorageTool", *arguments]
        )

    @property
    def _archive(self) -> Path:
        return self.folder / "classes.jsa"


def _shared_archive(jars: Path) -> Path:
    # Loading classes is most of a start: the archive takes a second and more off it.
    return jars.with_name(f"{jars.name}.jsa")


def _use_archive(jars: Path) -> list[str]:
    shared = _shared_archive(jars)
    return [f"-XX:SharedArchiveFile={shared}"] if shared.exists() else []
