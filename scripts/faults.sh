#!/usr/bin/env bash
# Puts known faults into the store, one at a time, and requires that the simulation finds each.
#
#   scripts/faults.sh [CRASHES [NAME...]]     2000 crashes a fault, and all of them, unless told
set -euo pipefail
cd "$(dirname "$0")/.."
crashes=${1:-2000}
shift || true
folder=Tests/HindcastStoreTests/Simulation/Faults
scratch=.build/faults
flags=(-c release -Xcc -march=native)
export HINDCAST_SIMULATION_ONLY=1

# A copy of what is committed, whose build is kept: each fault builds little anew.
git worktree add --force --detach "$scratch" HEAD >/dev/null 2>&1 ||
  git -C "$scratch" checkout --force --quiet --detach "$(git rev-parse HEAD)"
names=("$@")
if [ ${#names[@]} = 0 ]; then
  for file in "$folder"/*.patch; do names+=("$(basename "$file" .patch)"); done
fi

missed=0
for name in "${names[@]}"; do
  git -C "$scratch" checkout --force --quiet .
  git -C "$scratch" apply "$PWD/$folder/$name.patch"
  (cd "$scratch" && swift build "${flags[@]}" --build-tests >build.log 2>&1) ||
    { echo "$name: does not build, see $scratch/build.log"; exit 1; }
  if (cd "$scratch" && HINDCAST_SIMULATE=$crashes HINDCAST_SIMULATION_SEED=1 \
    swift test "${flags[@]}" --skip-build --filter SimulationTests >found.log 2>&1); then
    echo "$name: NOT found in $crashes crashes"
    missed=$((missed + 1))
  else
    crash=$(grep -o 'crash [0-9]*:' "$scratch/found.log" | head -1 | tr -dc 0-9) || true
    echo "$name: found at crash ${crash:-?}"
  fi
done
git -C "$scratch" checkout --force --quiet .
[ $missed = 0 ] || { echo "$missed faults were not found"; exit 1; }
