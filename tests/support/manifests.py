"""Rendered manifests, and the strict schemas they are held to.

Kustomize is the installed one, or kubectl's; without either it is built once from its module,
where Go is installed. The schemas are those of Kubernetes 1.37 and of each operator's resource
definitions, without their prose.
"""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from deploy.local.locking import locked
from deploy.local.paths import LOCAL

ROOT = Path(__file__).parents[2]
OVERLAYS = ROOT / "deploy" / "k8s" / "overlays"
SCHEMAS = Path(__file__).parent / "schemas"
MODULE = "sigs.k8s.io/kustomize/kustomize/v5@v5.8.1"

Manifest = dict[str, Any]


def kustomize() -> list[str]:
    """Return the command that renders a folder."""
    if found := shutil.which("kustomize"):
        return [found, "build"]
    if found := shutil.which("kubectl"):
        return [found, "kustomize"]
    built = LOCAL / "go" / "bin" / "kustomize"
    if not built.exists() and shutil.which("go") is None:
        pytest.skip("kustomize, kubectl or Go is needed to render manifests")
    with locked(LOCAL / "kustomize.lock"):
        if not built.exists():
            command = ["go", "install", MODULE]
            subprocess.run(["env", f"GOBIN={built.parent}", *command], check=True)
    return [str(built), "build"]


@cache
def rendered(overlay: str) -> tuple[Manifest, ...]:
    """Return every object of an overlay."""
    done = subprocess.run(
        [*kustomize(), str(OVERLAYS / overlay)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    # Safe, and in C: the pure one takes seconds.
    loaded = yaml.load_all(done.stdout, Loader=yaml.CSafeLoader)
    return tuple(each for each in loaded if each)


def problems(manifest: Manifest) -> list[str]:
    """Return what a strict reader has against an object."""
    version, kind = manifest["apiVersion"], manifest["kind"]
    where = f"{kind}/{manifest['metadata']['name']}"
    validator = _validator(version, kind)
    if validator is None:
        return [f"{where}: no schema for {version} {kind}"]
    found = validator.iter_errors(manifest)
    return [f"{where}: {error.json_path}: {error.message[:200]}" for error in found]


@cache
def _validator(version: str, kind: str) -> Draft202012Validator | None:
    group, _, name = version.rpartition("/")
    file = SCHEMAS / group / f"{kind.lower()}_{name}.json"
    if group and file.exists():
        schema = json.loads(file.read_text())
        # The definitions leave what every object has to the API server.
        fixed = {"apiVersion": {"const": version}, "kind": {"const": kind}}
        schema["properties"] = {**schema["properties"], **fixed}
        return Draft202012Validator(schema)
    core = json.loads((SCHEMAS / "kubernetes-1.37.json").read_text())
    if kind not in core["kinds"]:
        return None
    reference = {"$ref": f"#/definitions/{core['kinds'][kind]}"}
    return Draft202012Validator({**reference, "definitions": core["definitions"]})


def of(manifests: tuple[Manifest, ...], kind: str) -> dict[str, Manifest]:
    """Return the objects of one kind by name."""
    return {each["metadata"]["name"]: each for each in manifests if each["kind"] == kind}
