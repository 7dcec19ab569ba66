#!/bin/sh
# The end-to-end tests drive a real browser: Chromium, from the system's packages.
set -eu

for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium"
    apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1 || {
        apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null
    }
else
    echo "The tests of the web UI need Chromium. On Debian: apt-get install chromium" >&2
    exit 1
fi
