#!/usr/bin/env bash
# Looks at the cluster and at the machine it runs on, and says what is wrong and what mends it. See usage below.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")" && pwd)/docker/lib.sh"

usage() {
  cat <<'TEXT'
usage: ./doctor.sh [--json]

Looks at the Docker engine, memory, disk, ports, clocks, containers, NATS, Redis and its Sentinels, the applications, the
outbox, the dead letters and Prometheus, all at once and without changing anything. Each finding is ok, a warning or a
problem, and says in a sentence what mends it.

  --json   the same for programs

Ends with 0 without problems, 1 with problems, and 2 when it could not look: no Docker engine, or no cluster that runs (then
it has looked at the machine only), or no JDK 25, which it needs.
TEXT
}

main() {
  local json=''
  case ${1:-} in
    '') ;;
    --json) json=--json ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
  JDK=$(require_jdk && printf %s "$JDK") || exit 2
  if ! build_drills "$JDK" >&2; then
    printf '\nerror: the doctor does not compile\n       see the messages above\n' >&2
    exit 2
  fi
  cd "$ROOT"
  exec "$JDK/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xmx128m \
    -cp "$ROOT/drills/target/classes:$(cat "$ROOT/drills/target/class-path")" io.catga.doctor.Main ${json:+"$json"}
}

main "$@"
