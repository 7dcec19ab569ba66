"""The Java on this machine."""

import re
import shutil
import subprocess
from pathlib import Path

from deploy.local.environment import Environment

# Kafka 4 brokers run on nothing older.
OLDEST = 17


def find(environment: Environment) -> Path | None:
    """Return a Java that can run Kafka, if there is one."""
    home = environment.java_home
    found = shutil.which("java", path=f"{home}/bin" if home else environment.search_path)
    return Path(found) if found and version(Path(found)) >= OLDEST else None


def version(java: Path) -> int:
    """Return the major version of a Java, 0 where it does not say."""
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    match = re.search(r'version "(\d+)', told)
    return int(match.group(1)) if match else 0
