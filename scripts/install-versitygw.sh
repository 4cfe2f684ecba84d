#!/usr/bin/env bash
# Builds versitygw, a service that speaks S3's protocol, with Go into .cache/bin, where the tests of the store in S3 look
# for it. Does nothing where it is there. Takes some minutes.
set -uo pipefail
cd "$(dirname "$0")/.."

version=v1.8.0
if command -v versitygw >/dev/null || [ -x .cache/bin/versitygw ]; then
  exit 0
fi
if ! command -v go >/dev/null; then
  echo 'no Go here: without versitygw the tests of the store in S3 are skipped' >&2
  exit 0
fi
export GOBIN="$PWD/.cache/bin"
mkdir -p "$GOBIN"
timeout 600 nice go install "github.com/versity/versitygw/cmd/versitygw@$version" ||
  echo 'versitygw could not be built: the tests of the store in S3 are skipped' >&2
exit 0
