"""`python -m bench.emulators`: run the emulators until a signal comes."""

import argparse
import asyncio
import json
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from bench.emulators.behaviour import Behaviour
from bench.emulators.server import Addresses, Emulators, Ports


def main() -> None:
    """Run them on the ports named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.emulators", description=__doc__)
    for name in ("gemini", "tts", "tts-rest", "openai"):
        parser.add_argument(f"--{name}-port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--behaviour", type=Path, help="a JSON file: see README.md")
    parser.add_argument("--print-json", action="store_true", help="addresses as one line of JSON")
    asyncio.run(_run(parser.parse_args()))


async def _run(asked: argparse.Namespace) -> None:
    behaviour = Behaviour()
    if asked.behaviour:
        # Read once, before anything is served.
        behaviour = Behaviour.model_validate_json(asked.behaviour.read_bytes())
    ports = Ports(asked.gemini_port, asked.tts_port, asked.tts_rest_port, asked.openai_port)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Emulators(behaviour, ports, asked.host) as urls:
        sys.stdout.write(_said(urls, as_json=asked.print_json) + "\n")
        sys.stdout.flush()
        await stop.wait()


def _said(urls: Addresses, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(asdict(urls))
    return "\n".join(
        (
            f"GEMINI_BASE_URL={urls.gemini}",
            f"GOOGLE_TTS_ENDPOINT={urls.tts}",
            f"OPENAI_BASE_URL={urls.openai}",
            f"# Cloud TTS over REST: {urls.tts_rest}",
        )
    )


if __name__ == "__main__":
    main()
