"""Titles into a ZIP: python examples/batch.py batch.zip "O segredo das abelhas" pt-BR en-US."""

import asyncio
import sys
from pathlib import Path

from bolt_ia import Client
from cli import config


async def main(output: Path, title: str, languages: list[str]) -> None:
    """Ask for a batch, follow it, take it home."""
    settings = config.read()
    async with Client(settings.url, token=settings.token) as bolt:
        wanted = {"mode": "expand_languages", "title": title, "languages": languages}
        batch = await bolt.create_batch(wanted)
        async for message in bolt.watch(batch["batch_id"]):
            counts = message.get("counts") or message["batch"]["counts"]
            sys.stdout.write(f"{counts['completed']} of {counts['total']}\n")
        await bolt.download(batch["batch_id"], output)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
