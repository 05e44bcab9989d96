#!/usr/bin/env bash
# Builds the fuzzers with sanitizers, in a folder of their own, and runs each for the given seconds,
# all at once. Starts from the golden files and from what earlier runs here learnt. What it finds
# stays in FailCases, where `make test` replays it.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
build=.build-fuzz
cases=Tests/HindcastFuzz/FailCases
fuzzer=$build/release/hindcast-fuzz
targets=(reader pages writer)
# A page decodes to at most 256 MiB of values, from at most 288 MiB of content.
limits=(-timeout=30 -report_slow_units=30 -malloc_limit_mb=320 -rss_limit_mb=3072 -detect_leaks=0 -len_control=0)
declare -A lengths=([reader]=24576 [pages]=4096 [writer]=1024)

# Swift frees no globals, and its own crash reporter would hide crashes from libFuzzer.
export ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no
export ASAN_SYMBOLIZER_PATH=${ASAN_SYMBOLIZER_PATH:-$(dirname "$(realpath "$(command -v swift)")")/llvm-symbolizer}

# SwiftPM knows one sanitizer at a time; the compiler's own flag, which comes last, names both.
HINDCAST_FUZZ=1 swift build -c release --scratch-path $build --product hindcast-fuzz \
  --sanitize=fuzzer -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=address,fuzzer-no-link
$fuzzer seed $build/seeds format-spec/golden/*.hseg format-spec/golden/bad/*.hseg

declare -A processes
for target in "${targets[@]}"; do
  mkdir -p "$build/corpus/$target" "$cases/$target"
  $fuzzer "$target" "${limits[@]}" -max_len="${lengths[$target]}" -max_total_time="$seconds" \
    -print_final_stats=1 -artifact_prefix="$cases/$target/" \
    "$build/corpus/$target" "$build/seeds/$target" "$cases/$target" \
    </dev/null >"$build/$target.log" 2>&1 &
  processes[$target]=$!
done

failed=0
for target in "${targets[@]}"; do
  log=$build/$target.log
  status=0
  wait "${processes[$target]}" || status=$?
  coverage=$(grep -o 'cov: [0-9]*' "$log" | tail -1 || true)
  runs=$(grep -o 'number_of_executed_units: *[0-9]*' "$log" | grep -o '[0-9]*$' || echo '?')
  seed=$(grep -o 'Seed: [0-9]*' "$log" | head -1 || true)
  echo "$target: $runs executions in $seconds s, ${coverage:-cov: ?} edges, ${seed:-Seed: ?}"
  [ $status -ne 0 ] || continue
  failed=1
  grep -E '^finding|ERROR|SUMMARY|^    #[0-9]+ .*/(Sources|Tests)/' "$log" | head -12 || true
  input=$(grep -o "written to .*" "$log" | tail -1 | cut -d' ' -f3 || true)
  echo "$target: FAILED; all of it is in $log"
  echo "replay: ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no $fuzzer $target ${input:-INPUT}"
done
exit $failed
