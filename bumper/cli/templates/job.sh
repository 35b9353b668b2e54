#!/bin/sh
# The entry of the image that `bumper init container` describes: clone REPOSITORY, run a verb there.
set -eu
if [ -z "${BUMPER_TOKEN:-}" ] && [ -n "${BUMPER_TOKEN_FILE:-}" ]; then
  BUMPER_TOKEN="$(cat "$BUMPER_TOKEN_FILE")"
  export BUMPER_TOKEN
fi
folder="$(mktemp -d)/repository"
git clone --quiet --depth 1 -- "$REPOSITORY" "$folder"
exec bumper -C "$folder" "$@"
