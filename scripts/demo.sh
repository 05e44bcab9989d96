#!/usr/bin/env bash
# The demo: a loan model that was too good to be true, and the same one without the leak.
# usage: scripts/demo.sh [FOLDER]     default: .build/demo, which is made anew
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$root/.build/demo}
python=$root/.venv/bin/python
export PATH="$root/bin:$PATH"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
else
  bold='' dim='' plain=''
fi

chapter() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
tell() { printf '%s\n' "$*" | fold -s -w 96; }
run() {
  printf '%s$ %s%s\n' "$dim" "$*" "$plain"
  "$@"
}
report() { "$python" "$root/scripts/demo_report.py" "$@"; }

command -v hindcast > /dev/null || { echo "bin/hindcast is missing: run 'make build'" >&2; exit 1; }
[ -x "$python" ] || { echo ".venv is missing: run 'make setup'" >&2; exit 1; }
"$python" -c 'import matplotlib, numpy, pyarrow' 2> /dev/null \
  || "$python" -m pip install -q --disable-pip-version-check -r "$root/scripts/demo_requirements.txt"

started=$SECONDS
rm -rf "$out"
mkdir -p "$out/bank"
cd "$out/bank"

# load [OPTION...]: generates a bank's history and loads it into a store in the current folder
load() {
  run hindcast dataset loans "$@" --output data | sed '/^Next:/,$d'
  run hindcast init
  run hindcast apply data/groups.yaml
  run hindcast ingest profiles data/profiles.parquet
  run hindcast ingest balances data/balances.parquet
  run hindcast ingest statements data/statements.parquet
}

# What the model sees, in a file: written once, used to train and to serve.
request() {
  cat > approval.yaml << 'YAML'
label_time: application_time
features:
  - balances:utilisation,arrears
  - profiles:income
YAML
}

# The same columns from the statements, for the usual ways.
late=(--features statements:utilisation,arrears profiles:income)
labels=training/applications.parquet
train() { run hindcast build --labels $labels --spec approval.yaml --output training/hindcast.parquet; }
train_by_event_time() {
  run hindcast build --labels $labels --label-time application_time "${late[@]}" \
    --known-late statements --output training/event_time.parquet
}
train_by_latest() {
  run hindcast latest --ids $labels "${late[@]}" --as-of 2024-05-01T00:00:00Z \
    --max-age statements=none --with-event-times --output training/latest.parquet
}

chapter "1. A bank and its history"
tell "26,000 customers. Their cards change every fortnight and the bank knows at once (balances);" \
  "month-end statements are published days later, sometimes corrected or withdrawn (statements)." \
  "Some of them applied for a loan, and we know how that ended."
load
run hindcast snapshots

chapter "2. The training set"
tell "It is May 2024. A model shall say which applications will default, from the card's" \
  "utilisation and arrears and the income. The applications until January have had time to go" \
  "wrong, so they are the training labels: for each, what was known when it was made."
report split
request
run cat approval.yaml
train
report show training/hindcast.parquet

chapter "3. The same, the usual way"
tell "Most training sets are made by a join that does not ask what was known when. One takes the" \
  "event time of a statement for the time it was known; Hindcast does so only when told to, and" \
  "says in the certificate what that cost:"
train_by_event_time
echo
tell "And one joins the latest statement, as it stands on the day of training:"
train_by_latest
report future

chapter "4. From validation to production"
tell "Each training set gets a logistic regression. Validation is what its author sees. Then the" \
  "model goes live: every Monday from May to September the week's applications are scored from" \
  "the online view as it was on that Monday, 22 times like this:"
report serve
report models --title "leak on"

chapter "5. The same bank without the leak"
tell "The generator can publish statements at once and hide nothing in them. Now all three ways" \
  "should agree with production; if they did not, this demo would be cheating:"
mkdir -p "$out/honest"
cd "$out/honest"
load --leak off > load.log
report split > split.log
request
{ train; train_by_event_time; train_by_latest; } > builds.log
report serve > serve.log
report models --title "leak off"
cd "$out/bank"

chapter "6. One customer, then and now"
tell "The online view answers through the same code as the build. This customer's statement, as the" \
  "bank knew it on the day of the application, and as it reads today for the same day:"
read -r customer day month <<< "$(report customer)"
run hindcast get statements "$customer" --as-of "$day"
run hindcast get statements "$customer" --as-of "$day" --known-late
tell "Nothing was overwritten. Both versions of the statement are there, and when each was known:"
printf '%s$ %s%s\n' "$dim" "hindcast history statements $customer | grep $month" "$plain"
hindcast history statements "$customer" | grep -e published_at -e "^$month"
tell "And the card itself, at the end of the story:"
run hindcast get balances "$customer" --as-of 2024-12-31T00:00:00Z

chapter "7. Proof"
tell "An audit rebuilds the training set from its manifest by a full scan through the reference" \
  "implementation, which shares no join with the engine, and compares every value:"
run hindcast audit training/hindcast.parquet
report conclude "$out/bank" "$out/honest" "$out/demo.svg"
printf '\n%s seconds. The plot: %s\n' "$((SECONDS - started))" "$out/demo.svg"
