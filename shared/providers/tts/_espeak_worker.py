"""The eSpeak NG engine, alone in a process of its own. Nothing else may import it.

Two reasons: the engine is GPL-3, and two threads that speak at once crash it. It reads
requests from its standard input and answers each on its standard output, in order; it ends
when its input does, so that it never outlives who started it, however that one ended.

A frame is four bytes of length, big-endian, and that many bytes. A request is one frame of
JSON: voice, rate (words a minute), pitch (0 to 99), text. An answer is a frame that names
what follows (`OK`, `REFUSED`), and a frame of samples or of words.
"""

import ctypes
import json
import os
import struct
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

OK = b"ok"
REFUSED = b"refused"

_SYNCHRONOUS_OUTPUT = 2
_DO_NOT_EXIT = 0x8000
_UTF_8 = 1
_RATE = 1
_PITCH = 3


class Engine:
    """eSpeak NG behind ctypes: one per process, one caller at a time."""

    def __init__(self) -> None:
        import espeakng_loader

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self._library.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
        self._library.espeak_Synth.argtypes = [
            *(ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int),
            *(ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p),
        ]
        data = espeakng_loader.get_data_path().encode()
        self.sample_rate = int(
            self._library.espeak_Initialize(_SYNCHRONOUS_OUTPUT, 0, data, _DO_NOT_EXIT)
        )
        if self.sample_rate <= 0:
            raise OSError(f"espeak_Initialize said {self.sample_rate}")
        self._samples = bytearray()
        # Kept: the library holds a bare pointer, and would call what Python had freed.
        self._callback = _callback(self._samples)
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, *, voice: str, rate: int, pitch: int) -> bytes:
        """Return the samples of `text`.

        Raises:
            ValueError: the engine has no such voice, or will not speak this.
        """
        self._samples.clear()
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(f"no voice {voice!r}")
        self._library.espeak_SetParameter(_RATE, rate, 0)
        self._library.espeak_SetParameter(_PITCH, pitch, 0)
        utf8 = text.replace("\0", " ").encode() + b"\0"
        if error := self._library.espeak_Synth(utf8, len(utf8), 0, 0, 0, _UTF_8, None, None):
            raise ValueError(f"espeak_Synth said {error}")
        self._library.espeak_Synchronize()
        return bytes(self._samples)


def _callback(samples: bytearray) -> Any:
    def receive(wav: int | None, count: int, _events: int | None) -> int:
        if wav and count > 0:
            samples.extend(ctypes.string_at(wav, count * 2))
        return 0

    signature = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    return signature(receive)


def frame(data: bytes) -> bytes:
    """Return `data` as a frame."""
    return struct.pack(">I", len(data)) + data


def read_frame(stream: BinaryIO) -> bytes | None:
    """Return the next frame, or None where there is none left."""
    head = stream.read(4)
    return stream.read(struct.unpack(">I", head)[0]) if len(head) == 4 else None


def serve(speak: Callable[..., bytes], requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer every request, until there are no more."""
    while (request := read_frame(requests)) is not None:
        try:
            kind, data = OK, speak(**json.loads(request))
        except ValueError as error:
            kind, data = REFUSED, str(error).encode()
        answers.write(frame(kind) + frame(data))
        answers.flush()


def main() -> None:
    """Serve standard input, until whoever holds its other end is gone."""
    answers = os.fdopen(os.dup(1), "wb")
    # What the library prints must not end up among the answers.
    os.dup2(2, 1)
    engine = Engine()
    answers.write(frame(struct.pack(">I", engine.sample_rate)))
    answers.flush()
    try:
        serve(engine.speak, sys.stdin.buffer, answers)
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
