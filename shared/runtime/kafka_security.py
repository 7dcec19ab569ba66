"""How Kafka is told who we are, and how we know that it is Kafka."""

import ssl
from pathlib import Path
from typing import Any, Literal

from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.errors import InvalidRequestError
from shared.settings import BaseSettings

_MECHANISMS = {
    "PLAIN": SASLPlaintext,
    "SCRAM-SHA-256": SASLScram256,
    "SCRAM-SHA-512": SASLScram512,
}


class Settings(BaseSettings):
    """The security of every connection to Kafka."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        default="PLAINTEXT",
        description="Kafka with or without TLS (SSL) and a login (SASL): PLAINTEXT, SSL, "
        "SASL_PLAINTEXT or SASL_SSL.",
    )
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        default="SCRAM-SHA-512", description="How the login is made, where there is one."
    )
    kafka_username: str | None = Field(default=None, description="Who logs in: the service.")
    kafka_password: SecretStr | None = Field(default=None, description="Its password.")
    kafka_ca_path: Path | None = Field(
        default=None,
        description="The certificate authority that Kafka's certificate is from, as a PEM file; "
        "the system's own if unset.",
    )


def security(settings: Settings | None = None) -> BaseSecurity | None:
    """Return what a FastStream broker takes; None where there is nothing to secure.

    Raises:
        InvalidRequestError: a login without a name or a password; the message says which.
    """
    settings = settings or Settings()
    protocol = settings.kafka_security_protocol
    if protocol == "PLAINTEXT":
        return None
    tls = _context(settings.kafka_ca_path) if protocol.endswith("SSL") else None
    if not protocol.startswith("SASL"):
        return BaseSecurity(ssl_context=tls, use_ssl=True)
    name, password = settings.kafka_username, settings.kafka_password
    if not name or password is None:
        missing = "KAFKA_PASSWORD" if name else "KAFKA_USERNAME"
        raise InvalidRequestError(f"KAFKA_SECURITY_PROTOCOL is {protocol}: set {missing}")
    mechanism = _MECHANISMS[settings.kafka_sasl_mechanism]
    return mechanism(
        username=name,
        password=password.get_secret_value(),
        ssl_context=tls,
        use_ssl=tls is not None,
    )


def options(settings: Settings | None = None) -> dict[str, Any]:
    """Return what an aiokafka client takes."""
    settings = settings or Settings()
    secured = security(settings)
    if secured is None:
        return {}
    found: dict[str, Any] = {
        "security_protocol": settings.kafka_security_protocol,
        "ssl_context": secured.ssl_context,
    }
    if isinstance(secured, SASLPlaintext | SASLScram256 | SASLScram512):
        found |= {
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": secured.username,
            "sasl_plain_password": secured.password,
        }
    return found


def _context(authority: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authority)
    except OSError as error:
        raise InvalidRequestError(f"KAFKA_CA_PATH: {authority}: {error}") from error
