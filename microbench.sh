#!/usr/bin/env bash
# Measures what a message costs in this process, beside a direct call and other libraries. Needs a JDK 25.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")" && pwd)/docker/lib.sh"

usage() {
  cat <<'TEXT'
usage: ./microbench.sh [--quick] [PATTERN]

Runs the JMH benchmarks and prints a table of nanoseconds and allocated bytes an operation. All of them take about seven
minutes, in which the machine should do nothing else, and replace benchmarks/RESULTS.md; anything less goes to
benchmarks/results/, as do JMH's own results in JSON.

  --quick   whether they run, in about a minute; too short for figures to rely on
  PATTERN   only those whose name this regular expression finds, such as 'SendBenchmark' or 'catga'
TEXT
}

build() {
  say "Building"
  (cd "$ROOT" && JAVA_HOME=$JDK ./mvnw -q -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true package -pl benchmarks -am) ||
    fail "the build failed" "its messages are above"
}

measure() {
  # The module's own classes first, then what Maven found that it needs.
  "$JDK/bin/java" --sun-misc-unsafe-memory-access=allow \
    -cp "$ROOT/benchmarks/target/classes:$(cat "$ROOT/benchmarks/target/class-path")" \
    io.catga.benchmarks.Microbenchmarks "$ROOT/benchmarks" "$@"
}

main() {
  local argument
  for argument in "$@"; do
    case $argument in
      -h | --help) usage && exit 0 ;;
      --quick) ;;
      -*) usage >&2 && exit 2 ;;
    esac
  done
  require_jdk
  note "JDK in $JDK"
  build
  measure "$@"
}

main "$@"
