# mypy: disable-error-code="import-not-found, import-untyped"
# It is installed in the servers' environment only.
"""Swift in one process: proxy, account, container and object server in one loop.

Runs in the servers' environment, not in the application's:
`python swift_process.py FOLDER PORT ACCOUNT:USER SECRET`.
"""

import logging
import socket
import sys
from pathlib import Path

import eventlet

eventlet.monkey_patch()

# Only after the patch: they take the names they need from the standard library at import.
import swift.common.utils as swift_utils  # noqa: E402 - as above
import swift.common.utils.config as swift_config  # noqa: E402 - as above
from eventlet import wsgi as eventlet_wsgi  # noqa: E402 - as above
from swift.common import storage_policy, wsgi  # noqa: E402 - as above
from swift.common.http_protocol import SwiftHttpProtocol  # noqa: E402 - as above
from swift.common.ring import RingBuilder  # noqa: E402 - as above

HOST = "127.0.0.1"
BACKENDS = ("account", "container", "object")

CONSTRAINTS = """\
[swift-hash]
swift_hash_path_prefix = local
swift_hash_path_suffix = local
[storage-policy:0]
name = one
default = yes
[swift-constraints]
max_file_size = 5368709122
"""

COMMON = """\
[DEFAULT]
devices = {devices}
mount_check = false
swift_dir = {etc}
bind_ip = 127.0.0.1
bind_port = {port}
log_level = ERROR
fallocate_reserve = 0
disable_fallocate = true
"""

BACKEND = """\
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
log_requests = false
allow_versions = true
"""

# In the order a request passes through them, with what each is told.
FILTERS = {
    "catch_errors": "",
    "gatekeeper": "",
    "healthcheck": "",
    "proxy_logging": "access_log_level = ERROR",
    # There is none: every look-up goes to the servers, which are in this very process.
    "memcache": "memcache_servers = 127.0.0.1:1",
    "listing_formats": "",
    "bulk": "",
    "tempurl": "",
    "s3api": "location = us-east-1\ndns_compliant_bucket_names = no\ncheck_bucket_owner = no",
    "tempauth": "user_{account}_{user} = {secret} .admin",
    "copy": "",
    "slo": "",
    "dlo": "",
    "versioned_writes": "allow_versioned_writes = true\nallow_object_versioning = true",
    "symlink": "",
}


def proxy_configuration(access_key: str, secret: str) -> str:
    """Return the front's configuration: its pipeline and each filter's section."""
    account, user = access_key.split(":")
    sections = [
        f"[pipeline:main]\npipeline = {' '.join(FILTERS)} proxy-server",
        "[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true",
    ]
    for name, options in FILTERS.items():
        filled = options.format(account=account, user=user, secret=secret)
        sections.append(f"[filter:{name}]\nuse = egg:swift#{name}\n{filled}")
    return "\n".join(sections)


def listen(port: int = 0) -> socket.socket:
    """Return a listening socket."""
    listener: socket.socket = eventlet.listen((HOST, port), reuse_addr=True)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def write_ring(etc: Path, name: str, port: int) -> None:
    """Write which server holds which part of the data: the only one holds all."""
    builder = RingBuilder(2, 1, 0)
    device = {"id": 0, "region": 0, "zone": 0, "weight": 1.0, "device": "d1"}
    addresses = {"ip": HOST, "port": port, "replication_ip": HOST, "replication_port": port}
    builder.add_dev({**device, **addresses})
    builder.rebalance()
    builder.get_ring().save(str(etc / f"{name}.ring.gz"))


def configure(folder: Path, port: int, access_key: str, secret: str) -> dict[str, socket.socket]:
    """Write every configuration, and return each server's socket."""
    etc, devices = folder / "etc", folder / "dev"
    etc.mkdir(exist_ok=True)
    (devices / "d1").mkdir(parents=True, exist_ok=True)
    constraints = etc / "swift.conf"
    constraints.write_text(CONSTRAINTS)
    swift_utils.SWIFT_CONF_FILE = swift_config.SWIFT_CONF_FILE = str(constraints)
    swift_utils.validate_hash_conf()
    storage_policy.reload_storage_policies()

    sockets = {name: listen() for name in BACKENDS}
    contents = {name: BACKEND.format(name=name) for name in BACKENDS}
    for name in BACKENDS:
        write_ring(etc, name, sockets[name].getsockname()[1])
    sockets["proxy"] = listen(port)
    contents["proxy"] = proxy_configuration(access_key, secret)
    for name, content in contents.items():
        own_port = sockets[name].getsockname()[1]
        common = COMMON.format(devices=devices, etc=etc, port=own_port)
        (etc / f"{name}.conf").write_text(common + content)
    return sockets


def main() -> None:
    """Serve until the process is ended."""
    folder, port, access_key, secret = sys.argv[1:]
    root = Path(folder).resolve()
    sockets = configure(root, int(port), access_key, secret)
    silent = logging.getLogger("silent")
    silent.addHandler(logging.NullHandler())
    silent.propagate = False
    servers = [
        eventlet.spawn(
            eventlet_wsgi.server,
            listener,
            wsgi.loadapp(str(root / "etc" / f"{name}.conf"), global_conf={"log_name": name}),
            log=silent,
            log_output=False,
            protocol=SwiftHttpProtocol,
        )
        for name, listener in sockets.items()
    ]
    for server in servers:
        server.wait()


if __name__ == "__main__":
    main()
