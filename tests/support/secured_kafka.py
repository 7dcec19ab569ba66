"""Kafka as the manifests declare it: TLS, a login for everybody, and rights for each."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from deploy.local.environment import Environment
from deploy.local.kafka import Kafka
from deploy.local.launcher import Launcher
from deploy.local.state import State
from tests.support import certificates

# Its types are there, and not exported.
admin: Any = import_module("confluent_kafka.admin")

RULES = """
listeners=PLAINTEXT://127.0.0.1:{inner},SASL_SSL://127.0.0.1:{outer},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{inner},SASL_SSL://127.0.0.1:{outer}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
# The broker itself, and the test that hands out rights, by the inner listener.
super.users=User:ANONYMOUS;User:admin
"""


@dataclass(frozen=True)
class Secured:
    """A broker that runs, from outside and from inside."""

    address: str
    inner: str
    authority: Path
    passwords: Mapping[str, str]

    def environment(self, user: str, password_file: Path) -> dict[str, str]:
        """Return what a service needs to be `user`; its password goes into a file."""
        password_file.write_text(self.passwords[user] + "\n")
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.address,
            "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_CA_PATH": str(self.authority),
            "KAFKA_USERNAME": user,
            "KAFKA_PASSWORD_FILE": str(password_file),
        }

    def client(self, user: str, password: str | None = None) -> dict[str, Any]:
        """Return how another client logs in as `user`."""
        return {
            "bootstrap.servers": self.address,
            "security.protocol": "SASL_SSL",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": user,
            "sasl.password": password or self.passwords[user],
            "ssl.ca.location": str(self.authority),
            "log_level": 0,
        }

    def grant(self, user: str, rules: Sequence[Mapping[str, Any]]) -> None:
        """Give `user` the rights of a KafkaUser's ACLs."""
        bindings = [
            admin.AclBinding(
                admin.ResourceType[rule["resource"]["type"].upper()],
                rule["resource"]["name"],
                admin.ResourcePatternType[
                    {"prefix": "PREFIXED", "literal": "LITERAL"}[rule["resource"]["patternType"]]
                ],
                f"User:{user}",
                "*",
                admin.AclOperation[operation.upper()],
                admin.AclPermissionType.ALLOW,
            )
            for rule in rules
            for operation in rule["operations"]
        ]
        client = admin.AdminClient({"bootstrap.servers": self.inner})
        for done in client.create_acls(bindings).values():
            done.result(20)


class _Broker(Kafka):
    def __init__(self, launcher: Launcher, users: Mapping[str, str]) -> None:
        super().__init__(launcher)
        self._users = users

    def _configure(self, port: int) -> Path:
        file = super()._configure(port)
        rules = RULES.format(
            inner=port,
            outer=self.state.port("kafka-outer"),
            controller=self.state.port("kafka-controller"),
            keystore=certificates.write(self.folder / "tls")[1],
        )
        # What is said last counts.
        file.write_text(file.read_text() + rules)
        return file

    def _format(self, run: list[str], configuration: str) -> None:
        logins = [
            each
            for name, password in self._users.items()
            for each in ("--add-scram", f"SCRAM-SHA-512=[name={name},password={password}]")
        ]
        arguments = ["format", "--cluster-id", "5L6g3nShT-eMCtK--X86sw", *logins]
        self.launcher.step(
            "formatting Kafka's data folder",
            [*run, "kafka.tools.StorageTool", *arguments, "--config", configuration],
        )


@contextmanager
def secured_kafka(folder: Path, users: Sequence[str]) -> Iterator[Secured]:
    """Run a broker that knows `users` and `admin`, until the block ends."""
    passwords = {user: f"{user}-password" for user in (*users, "admin")}
    launcher = Launcher(State(folder), Environment.read())
    broker = _Broker(launcher, passwords)
    inner = broker.start()
    try:
        outer = _outer(broker.folder / "server.properties")
        yield Secured(outer, inner, broker.folder / "tls" / "ca.crt", passwords)
    finally:
        broker.stop()


def _outer(configuration: Path) -> str:
    lines = configuration.read_text().splitlines()
    advertised = [line for line in lines if line.startswith("advertised.listeners=")][-1]
    return advertised.rpartition("SASL_SSL://")[2]
