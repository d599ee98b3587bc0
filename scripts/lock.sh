#!/usr/bin/env bash
# Makes the locks from pyproject.toml (needs uv) and exports requirements.txt: versions without hashes, for people.
set -eu
cd "$(dirname "$0")/.."
options=(--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet)
uv pip compile "${options[@]}" pyproject.toml -o locks/app.txt
uv pip compile "${options[@]}" --group test pyproject.toml -c locks/app.txt -o locks/test.txt
{
  echo "# Exported from locks/app.txt by scripts/lock.sh; install from the lock to have the hashes checked."
  sed -n 's/^\([A-Za-z0-9_.-]*\(\[[a-z,]*\]\)\?==[^\\]*[^\\ ]\) *\\\?$/\1/p' locks/app.txt
} > requirements.txt
