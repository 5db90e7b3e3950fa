#!/usr/bin/env bash
# Backs up the data of the running cluster into one file. See usage below.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")" && pwd)/docker/lib.sh"

usage() {
  cat <<'TEXT'
usage: ./backup.sh FILE

Copies orders, idempotency records and the outbox (Redis), the streams of events and dead letters with their consumers
(JetStream) into FILE, while the cluster works. Every order that was acknowledged before is in it, and no event falls
between its parts. The dump of Redis is loaded once, in a container of its own, so that its counts and a digest of the
orders are in the file too, beside a checksum of each part: ./restore.sh compares with them.

FILE is a zip, readable for this user only; it gets its name when it is complete, and replaces one that has it.
Metrics, traces and logs are not in it. The cluster must be running. Needs a JDK 25.
TEXT
}

main() {
  local file=''
  case ${1:-} in -h | --help) usage && exit 0 ;; -*) usage >&2 && exit 2 ;; esac
  if [ $# -ne 1 ] || [ -z "$1" ]; then usage >&2 && exit 2; fi
  file=$(absolute "$1")
  require_jdk
  build_drills "$JDK" || fail "the program for backups does not compile" "see Maven's messages above"
  engine_answers || fail "no Docker engine answers" "start the cluster: ./start-cluster.sh"
  [ -n "$(docker ps -q --filter label=com.docker.compose.project=cluster)" ] ||
    fail "the cluster is not running" "start it: ./start-cluster.sh"
  # Read in a container, by a user that is another one than this.
  chmod -R a+rX "$ROOT/docker/redis"
  cd "$ROOT"
  timed "backed up" backup_program backup "$file"
}

main "$@"
