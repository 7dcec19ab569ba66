"""What docs/webhooks.md tells receivers to do verifies what is really sent."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import SecretStr

from services.gateway.store.deliveries import Due
from services.gateway.webhooks import secrets
from services.gateway.webhooks.posting import signed

GUIDE = (Path(__file__).parents[4] / "docs" / "webhooks.md").read_text()
DUE = Due(
    delivery_id=UUID(int=7),
    webhook_id=UUID(int=8),
    body='{"type":"batch.completed","data":{"title":"Ação"}}',
    tries=1,
    url="https://example.com/",
)
Verify = Callable[[str, dict[str, str], str], bool]


def snippet(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found
    return found[1]


def in_python(secret: str, headers: dict[str, str], body: str) -> bool:
    names: dict[str, Callable[..., bool]] = {}
    exec(snippet("python"), names)  # noqa: S102 - the guide's own lines
    return names["verify"](secret, headers, body.encode())


def in_node(secret: str, headers: dict[str, str], body: str) -> bool:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    given = ", ".join(map(json.dumps, (secret, headers, body)))
    program = f"{snippet('javascript')}\nconsole.log(verify({given}));"
    ran = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True)
    return ran.stdout.strip() == "true"


@pytest.mark.parametrize("verify", [in_python, in_node])
def test_it_verifies_what_is_sent_and_nothing_else(verify: Verify) -> None:
    old, new, other = secrets.make(), secrets.make(), secrets.make()
    headers = signed(DUE, [new, old])

    def right(secret: SecretStr, body: str = DUE.body, **changes: str) -> bool:
        return verify(secret.get_secret_value(), headers | changes, body)

    assert right(new)
    assert right(old)
    assert not right(other)
    assert not right(new, DUE.body + " ")
    assert not right(new, **{"webhook-id": "msg_other"})
    assert not right(new, **{"webhook-timestamp": "1700000000"})
