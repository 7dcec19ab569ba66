#!/bin/sh
# Gets a fresh checkout ready: the application's environment in .venv, the local servers' in
# .local/servers-venv. Each is made again only when what it is made from changed.
set -eu
cd "$(dirname "$0")/../.."

OWN=deploy/local

say() { printf '%s\n' "$*"; }

# Which contents an environment was made from.
fingerprint() { cat "$@" "$OWN/setup.sh" | cksum; }

is_current() { # environment, files...
    stamp="$1/made-from"
    shift
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint "$@")" ]
}

find_python() {
    for name in ${PYTHON:-} python3 python3.11 python3.12 python3.13 python3.14; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    say "Python 3.11 or newer is needed, and none was found. PYTHON=/path/to/python chooses one." >&2
    exit 1
}

make_environment() { # folder
    [ -x "$1/bin/python" ] && "$1/bin/python" -m pip --version >/dev/null 2>&1 && return
    rm -rf "$1"
    python=$(find_python)
    "$python" -m venv "$1" >/dev/null 2>&1 && return
    rm -rf "$1"
    # Debian leaves the module that fills an environment out of its Python.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing python3-venv"
        apt-get install -y -qq python3-venv >/dev/null || {
            apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
        }
        "$python" -m venv "$1"
    else
        say "$python cannot make an environment. On Debian: apt-get install python3-venv" >&2
        exit 1
    fi
}

install() { # environment, arguments of `pip install`
    python="$1/bin/python"
    shift
    # uv takes seconds where pip takes a minute; pip is the way out where uv cannot reach the
    # registry that pip was configured for.
    .venv/bin/uv pip install --quiet --python "$python" "$@" ||
        .venv/bin/python -m pip --python "$python" --quiet --disable-pip-version-check install "$@"
}

if ! is_current .venv requirements.lock pyproject.toml "$OWN/requirements-uv.lock"; then
    say "Setting up .venv"
    make_environment .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --require-hashes -r "$OWN/requirements-uv.lock"
    install .venv --require-hashes -r requirements.lock
    install .venv --no-deps --editable .
    fingerprint requirements.lock pyproject.toml "$OWN/requirements-uv.lock" >.venv/made-from
fi

servers=.local/servers-venv
if ! is_current "$servers" "$OWN/requirements-servers.lock"; then
    say "Setting up $servers"
    .venv/bin/uv venv --quiet --clear --python .venv/bin/python "$servers"
    install "$servers" --require-hashes -r "$OWN/requirements-servers.lock"
    fingerprint "$OWN/requirements-servers.lock" >"$servers/made-from"
fi

if ! is_current .local/kafka "$OWN/resources/pom.xml"; then
    # Without it the stack still starts, on the embedded broker; so this is no reason to fail.
    say "Fetching Kafka"
    mkdir -p .local/kafka
    if .venv/bin/python -m deploy.local fetch; then
        fingerprint "$OWN/resources/pom.xml" >.local/kafka/made-from
    else
        say "Going on without Kafka; the next start tries again."
    fi
fi
