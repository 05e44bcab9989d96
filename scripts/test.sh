#!/usr/bin/env bash
# Runs the tests that are built, with the given arguments of `swift test`. What failed, and why,
# is said again at the end: those lines stand thousands of lines apart.
set -uo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
HINDCAST_ARROW="$PWD/bin/libhindcast_arrow.so" HINDCAST="$PWD/bin/hindcast" \
  swift test --skip-build "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
if [ "$status" -ne 0 ]; then
  echo
  echo "What failed:"
  # An issue, and the lines that explain it.
  grep -aE '^(✘|↳)' "$log" | cut -c 1-2000 | head -200
fi
exit "$status"
