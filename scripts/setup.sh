#!/usr/bin/env bash
# Installs what the build needs and this machine lacks: Debian packages, and libarrow from the PyPI
# wheel `pyarrow` in .venv. Quick when nothing is to be done.
set -euo pipefail
cd "$(dirname "$0")/.."

pyarrow_version='26.*'

missing_packages() {
  local package
  for package in g++ make pkg-config libzstd-dev liblz4-dev libssl-dev libxxhash-dev python3 python3-venv; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
      echo "$package"
  done
}

install_packages() {
  command -v dpkg-query >/dev/null || return 0 # not Debian: the build says what it lacks
  local missing
  missing=$(missing_packages | tr '\n' ' ')
  [ -n "${missing// /}" ] || return 0
  local elevate=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      echo "The build needs Debian packages. Run this once, then the same command again:" >&2
      echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing" >&2
      exit 1
    fi
    elevate=(sudo)
  fi
  echo "Installing: $missing"
  "${elevate[@]}" apt-get -qq update
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive "${elevate[@]}" \
    apt-get -qq install -y --no-install-recommends $missing >/dev/null
}

install_arrow() {
  if compgen -G '.venv/lib/python3*/site-packages/pyarrow/libarrow.so.26*' >/dev/null; then
    return 0
  fi
  echo "Installing pyarrow $pyarrow_version in .venv"
  rm -rf .venv
  python3 -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check "pyarrow==$pyarrow_version"
}

# What the tests compare with: DuckDB answers the same worlds by SQL, and Polars reads what the
# README gives it.
install_oracle() {
  .venv/bin/python -c 'import duckdb, polars' 2>/dev/null && return 0
  echo "Installing duckdb and polars in .venv"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check 'duckdb>=1.3' 'polars>=1.30'
}

install_packages
install_arrow
if [ "${1:-}" = --tests ]; then install_oracle; fi
