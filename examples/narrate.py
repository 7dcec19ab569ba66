"""One text into one file: python examples/narrate.py "Bem-vindos!" intro.mp3."""

import sys

from bolt_ia import generate_narration_sync

if __name__ == "__main__":
    result = generate_narration_sync(sys.argv[1], sys.argv[2])
    sys.stdout.write(f"{result}\n")
    sys.exit(0 if result["success"] else 1)
