#!/bin/sh
# Chromium for the browser tests: the one that is there, else from the system's package manager where this
# user may install, else a plain word about what is skipped.
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
    if [ -z "$as_root" ] || sudo -n true 2>/dev/null; then
        echo "Installing Chromium for the browser tests …"
        $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null
    fi
elif command -v brew >/dev/null 2>&1; then
    brew install --cask chromium
fi
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
echo "No Chromium or Chrome found: the browser tests will be skipped. Install Chromium and run make test again."
exit 0
