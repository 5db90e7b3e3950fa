#!/usr/bin/env bash
# Breaks the running cluster under load, mends it, and says what its clients and their orders met. See usage below.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")" && pwd)/docker/lib.sh"

usage() {
  cat <<'TEXT'
usage: ./drill.sh [--clients N] [--rate N] [--record] NAME... | all
       ./drill.sh [--clients N] [--rate N] random --seed N --minutes M
       ./drill.sh list

Each drill places orders through the load balancer, breaks something, mends it, and then asks the cluster what it has: no
acknowledged order may be lost, none made twice or by itself, and every notification instance has every event, once.
Ends with 0 only if every promise of every drill was kept. The histories are in .cluster/drills, one JSON file a drill.

  list      the drills and what each does
  all       every one, in about 45 minutes; brings the table of the README up to date
  random    faults of all components, one after another, from a seed that gives the same ones again

  --clients how many clients place orders one after the other (10)
  --rate    how many orders a second they place together, as long as none has to wait (50)
  --record  brings the README's table up to date for the drills that are named

The cluster must be running (./start-cluster.sh). Interrupted, a drill mends what it has broken. Needs a JDK 25.
TEXT
}

main() {
  local argument
  [ $# -gt 0 ] || { usage >&2 && exit 2; }
  for argument in "$@"; do
    case $argument in
      -h | --help) usage && exit 0 ;;
      --clients | --rate | --record | --seed | --minutes) ;;
      -*) usage >&2 && exit 2 ;;
    esac
  done
  require_jdk
  build_drills "$JDK" || fail "the drills do not compile" "see Maven's messages above"
  if [ "$*" != list ]; then
    engine_answers || fail "no Docker engine answers" "start the cluster: ./start-cluster.sh"
    [ -n "$(docker ps -q --filter label=com.docker.compose.project=cluster)" ] ||
      fail "the cluster is not running" "start it: ./start-cluster.sh"
  fi
  cd "$ROOT"
  # In its place, so that an interrupt reaches it: it then mends what it has broken.
  exec "$JDK/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m \
    -cp "$ROOT/drills/target/classes:$(cat "$ROOT/drills/target/class-path")" io.catga.drill.Main "$@"
}

main "$@"
