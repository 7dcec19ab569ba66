"""OpenAI's own client, unmodified: python examples/openai_speech.py "Good morning!" hello.mp3."""

import sys

from openai import OpenAI

from cli import config

if __name__ == "__main__":
    settings = config.read()
    client = OpenAI(base_url=f"{settings.url}/v1", api_key=settings.token)
    speech = client.audio.speech.with_streaming_response.create(
        model="tts-1", voice="alloy", input=sys.argv[1]
    )
    with speech as answer:
        answer.stream_to_file(sys.argv[2])
