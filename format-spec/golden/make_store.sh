#!/usr/bin/env bash
# Makes the golden store: make_store.sh HINDCAST FOLDER. Run once, for a new one under a new name.
set -euo pipefail
hindcast=$1
mkdir -p "$2"
cd "$2"
export HINDCAST_STORE=$PWD/store
cat > accounts.yaml <<'YAML'
groups:
  - name: accounts
    record_identifiers: {account: utf8}
    event_time: at
    created_time: known
    deleted: gone
    features: {balance: float64, plan: utf8}
  - name: limits
    record_identifiers: {account: utf8, kind: int32}
    event_time: at
    ttl: 10d
    features: {limit: int32}
YAML
# Two parts of one ingest: of what is equal in all times, the row of the second file came last.
cat > one.csv <<'CSV'
account,at,known,gone,balance,plan
ann,2024-01-01,2024-01-02,,1.5,basic
ann,2024-01-05,2024-01-06,,2.5,basic
bob,2024-01-03,2024-01-03,,-0.0,
CSV
cat > two.csv <<'CSV'
account,at,known,gone,balance,plan
ann,2024-01-01,2024-01-02,,9.5,gold
bob,2024-01-08,2024-01-20,,7,"late"
eve,2024-01-02,2024-01-02,,3,basic
CSV
cat > limits.csv <<'CSV'
account,kind,at,limit
ann,1,2024-01-01,100
ann,2,2024-01-04,200
CSV
"$hindcast" init
"$hindcast" apply accounts.yaml
"$hindcast" ingest accounts one.csv two.csv --memory 1 --batch-id first
"$hindcast" ingest limits limits.csv
"$hindcast" snapshots tag 3 start
# A log, rolled into segments by the change of the group.
printf '%s\n' '{"account":"bob","at":"2024-01-10T00:00:00Z","known":"2024-01-10T00:00:00Z","gone":true}' \
  '{"account":"ann","at":"2024-01-09T00:00:00Z","known":"2024-01-09T00:00:00Z","balance":4}' |
  "$hindcast" ingest accounts - --format jsonl
sed -i 's/plan: utf8}/tier: {type: utf8, renamed_from: plan}, score: {type: int16, default: 7}}/; s/limit: int32/limit: int64/' accounts.yaml
"$hindcast" apply accounts.yaml
"$hindcast" compact accounts --full
"$hindcast" snapshots tag 9 merged
# Erased from all of this, and kept in a log.
"$hindcast" delete accounts eve --erase
printf '%s\n' '{"account":"ann","at":"2024-01-12T00:00:00Z","known":"2024-01-12T00:00:00Z","gone":false,"balance":6,"tier":"gold","score":1}' |
  "$hindcast" ingest accounts - --format jsonl
# A checkpoint, and the commits before it that no name keeps given up.
for name in $(seq 1 90); do "$hindcast" snapshots tag 3 "t$name"; done
for name in $(seq 1 90); do "$hindcast" snapshots untag "t$name"; done
"$hindcast" snapshots expire --keep-last 10
