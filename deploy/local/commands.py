"""The commands: `python -m deploy.local up`, and so on."""

import argparse
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from types import FrameType

from deploy.local import console, kafka_files, supervision
from deploy.local.launcher import Launcher, StartError
from deploy.local.servers import EVERY_SERVER, SERVERS, embedded_broker
from deploy.local.service import SERVICES
from deploy.local.stack import Stack


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, and return its exit status."""
    asked = _parser().parse_args(arguments)
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _interrupt)
    run: Callable[[argparse.Namespace], int] = asked.run
    try:
        return run(asked)
    except StartError as error:
        console.warn(str(error))
        return 1
    except KeyError as error:
        console.warn(f"{error.args[0]} is no part that runs here")
        return 1
    except KeyboardInterrupt:
        console.warn("stopped")
        return 130


def up(asked: argparse.Namespace) -> int:
    """Start everything, and say where it is."""
    stack = _stack(asked)
    stack.start()
    if stack.services:
        supervision.begin(stack)
    _show(stack)
    return 0


def supervise(asked: argparse.Namespace) -> int:  # noqa: ARG001 - every command takes what was asked
    """Start services again that end, until they are stopped; `up` begins this by itself."""
    supervision.keep(Stack(notice=notice), notice)
    return 0


def run(asked: argparse.Namespace) -> int:
    """Start everything, stay, and stop everything when told to end."""
    stack = _stack(asked)
    try:
        up(asked)
        console.say("Running. Ctrl-C stops everything.")
        threading.Event().wait()
    finally:
        stack.stop()
    return 0


def down(asked: argparse.Namespace) -> int:
    """Stop everything."""
    stack = Stack()
    names = ", ".join(stack.pids())
    stack.stop(forget=asked.forget)
    console.say(f"stopped {names}" if names else "nothing was running")
    return 0


def status(asked: argparse.Namespace) -> int:  # noqa: ARG001 - every command takes what was asked
    """Show everything; fail where something that was started no longer runs."""
    stack = Stack()
    _show(stack)
    return 0 if len(stack.pids()) == len(stack.state.records()) else 1


def logs(asked: argparse.Namespace) -> int:
    """Show the end of one log, or of all."""
    folder = Stack().state.logs
    files = [folder / f"{asked.name}.log"] if asked.name else sorted(folder.glob("*.log"))
    if not files or not all(file.exists() for file in files):
        console.warn(f"no such log in {folder}")
        return 1
    follow = ["-f"] if asked.follow else []
    return subprocess.run(["/usr/bin/tail", "-n", "40", *follow, *files], check=False).returncode


def fetch(asked: argparse.Namespace) -> int:  # noqa: ARG001 - every command takes what was asked
    """Get Kafka, so that the first start need not."""
    stack = Stack()
    if not stack.environment.provided("kafka") and not embedded_broker(stack.environment):
        kafka_files.fetch(Launcher(stack.state, stack.environment))
    return 0


def restart(asked: argparse.Namespace) -> int:
    """Stop a part and start it again."""
    stack = Stack(notice=notice)
    stack.stop_service(asked.name)
    stack.start_service(asked.name)
    return 0


def kill(asked: argparse.Namespace) -> int:
    """End a part the way a crash does."""
    stack = Stack()
    pid = stack.pids()[asked.name]
    stack.kill(asked.name)
    console.say(f"killed {asked.name} ({pid})")
    return 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    # Once: what this sets off is the stopping of everything, and must not itself be cut short.
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _stack(asked: argparse.Namespace) -> Stack:
    return Stack(
        servers=EVERY_SERVER if asked.s3 else SERVERS,
        services=() if asked.servers_only else SERVICES,
        notice=notice,
    )


def notice(part: str, news: str) -> None:
    """Say what became of a part, in a line of its own."""
    console.say(f"{part:<10} {news}")


def _show(stack: Stack) -> None:
    running = stack.pids()
    rows = [
        (name, each.address, str(each.pid) if name in running else "dead", each.log)
        for name, each in stack.state.records().items()
    ]
    provided = {name: stack.environment.provided(name) for name in EVERY_SERVER}
    rows += [(name, bare(url), "provided", "") for name, url in provided.items() if url]
    if rows:
        console.table(("PART", "ADDRESS", "PID", "LOG"), sorted(rows))
    else:
        console.say("nothing is running")


def bare(url: str) -> str:
    """Return an address without the password in it."""
    scheme, _, rest = url.rpartition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if scheme else url


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(command: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        about = (command.__doc__ or "").strip()
        added = commands.add_parser(command.__name__, help=about, description=about)
        added.set_defaults(run=command)
        return added

    for command in (up, run):
        starts = add(command)
        starts.add_argument("--servers-only", action="store_true", help="not the services")
        starts.add_argument("--s3", action="store_true", help="an S3 server too")
    add(down).add_argument("--forget", action="store_true", help="remove all data and logs")
    for command in (status, fetch, supervise):
        add(command)
    shows = add(logs)
    shows.add_argument("name", nargs="?", help="of which part")
    shows.add_argument("-f", "--follow", action="store_true", help="and what comes next")
    for command in (restart, kill):
        add(command).add_argument("name", help="which part")
    return parser
