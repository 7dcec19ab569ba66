"""The process behind `EmbeddedBroker`.

Runs in the servers' environment, not in the application's:
`python embedded_broker_process.py ANNOUNCEMENT TOPIC:PARTITIONS...`. The mock
cluster is part of librdkafka's C interface, which its Python package does not
show; so the library in that package is called directly.
"""

import ctypes
import signal
import sys
from pathlib import Path

import confluent_kafka

PRODUCER = 0


def library() -> ctypes.CDLL:
    """Return librdkafka, with the signatures used here."""
    package = Path(confluent_kafka.__file__).parent
    # Linux wheels keep it beside the package, those for macOS inside.
    places = ((package.parent / "confluent_kafka.libs", "*.so*"), (package / ".dylibs", "*.dylib"))
    found = next(each for place, suffix in places for each in place.glob(f"librdkafka{suffix}"))
    rdkafka = ctypes.CDLL(str(found))
    handle, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    signatures = {
        "rd_kafka_conf_new": (handle, []),
        "rd_kafka_new": (handle, [number, handle, text, ctypes.c_size_t]),
        "rd_kafka_mock_cluster_new": (handle, [handle, number]),
        "rd_kafka_mock_cluster_bootstraps": (text, [handle]),
        "rd_kafka_mock_topic_create": (number, [handle, text, number, number]),
        "rd_kafka_mock_group_initial_rebalance_delay_ms": (None, [handle, ctypes.c_int32]),
        "rd_kafka_mock_set_controller_id": (None, [handle, ctypes.c_int32]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(rdkafka, name)
        function.restype, function.argtypes = result, arguments
    return rdkafka


def start(topics: list[str]) -> str:
    """Start the cluster with its topics, and return its address."""
    rdkafka = library()
    why = ctypes.create_string_buffer(512)
    client = rdkafka.rd_kafka_new(PRODUCER, rdkafka.rd_kafka_conf_new(), why, 512)
    if not client:
        raise OSError(why.value.decode())
    cluster = rdkafka.rd_kafka_mock_cluster_new(client, 1)
    rdkafka.rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 100)
    for topic in topics:
        name, _, partitions = topic.rpartition(":")
        if rdkafka.rd_kafka_mock_topic_create(cluster, name.encode(), int(partitions), 1) != 0:
            raise OSError(f"cannot create the topic {topic}")
    # Without a controller every administrative request hangs until it times out.
    rdkafka.rd_kafka_mock_set_controller_id(cluster, 1)
    address: bytes = rdkafka.rd_kafka_mock_cluster_bootstraps(cluster)
    return address.decode()


def main() -> None:
    """Announce the address, then serve until told to stop."""
    stopping = {signal.SIGTERM, signal.SIGINT}
    # Before the library starts its threads, which inherit it: else one of them is interrupted.
    signal.pthread_sigmask(signal.SIG_BLOCK, stopping)
    announcement = Path(sys.argv[1])
    draft = announcement.with_suffix(".new")
    draft.write_text(start(sys.argv[2:]))
    draft.replace(announcement)
    signal.sigwait(stopping)


if __name__ == "__main__":
    main()
