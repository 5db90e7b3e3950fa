#!/usr/bin/env bash
# Starts the cluster with the data of a backup. See usage below.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")" && pwd)/docker/lib.sh"

usage() {
  cat <<'TEXT'
usage: ./restore.sh [--replace] FILE

Starts the cluster with the data that ./backup.sh has written to FILE. First the file is checked; then Redis and NATS are
started with its data, and what they have is compared with what was backed up; then ./start-cluster.sh starts the rest, and
events that were not handled at the time of the backup are delivered.

  --replace   stop the cluster and remove the orders and events that it has now; without it there must be none

Metrics stay as they are. Needs a JDK 25.

Environment: as for ./start-cluster.sh.
TEXT
}

# Of the images that are used; those of other ones have other data, which stay.
volumes() {
  docker volume ls -q --filter label=com.docker.compose.project=cluster | grep -E "^$(chosen VOLUMES)_(nats|redis|sentinel)-[1-3]\$" || true
}

is_there() { [ -n "$(docker ps -aq --filter label=com.docker.compose.project=cluster)$(volumes)" ]; }

remove_what_is_there() {
  local kept
  kept=$(volumes)
  compose down >"$STATE/down.log" 2>&1 || fail "cannot stop the cluster" "see $STATE/down.log"
  # shellcheck disable=SC2086  # a list of names
  [ -z "$kept" ] || docker volume rm $kept >/dev/null || fail "cannot remove the old data" "see Docker's message above"
  note "stopped; orders and events removed"
}

start_infrastructure() {
  # The containers' users are others than this one, and must be able to read what is mounted.
  chmod -R a+rX "$ROOT/docker"
  compose up -d --wait --wait-timeout 120 nats-1 nats-2 nats-3 redis-1 redis-2 redis-3 sentinel-1 sentinel-2 sentinel-3 \
    >"$STATE/up.log" 2>&1 || fail "NATS and Redis did not become healthy" "see $STATE/up.log; ./restore.sh --replace begins anew"
}

begin_anew() { fail "the restore is not complete, so the applications are not started" "./restore.sh --replace begins anew"; }

main() {
  local file='' replace=''
  while [ $# -gt 0 ]; do
    case $1 in
      --replace) replace=yes ;;
      -h | --help) usage && exit 0 ;;
      -*) usage >&2 && exit 2 ;;
      *)
        if [ -n "$file" ] || [ -z "$1" ]; then usage >&2 && exit 2; fi
        file=$(absolute "$1")
        ;;
    esac
    shift
  done
  [ -n "$file" ] || { usage >&2 && exit 2; }
  [ -f "$file" ] || fail "there is no file $file" "./backup.sh FILE writes one"
  require_jdk
  build_drills "$JDK" || fail "the program for backups does not compile" "see Maven's messages above"
  mkdir -p "$STATE"
  cd "$ROOT"
  say "Backup"
  backup_program check "$file" || exit 1
  "$ROOT/start-cluster.sh" --prepare >"$STATE/prepare.log" 2>&1 || fail "the engine or the images are not ready: $(tail -n 3 "$STATE/prepare.log")" \
    "see $STATE/prepare.log"
  if is_there; then
    [ -n "$replace" ] || fail "there is a cluster already, with orders and events of its own" \
      "./restore.sh --replace $file removes them and takes those of the backup"
    remove_what_is_there
  fi
  say "Redis"
  timed "loaded" backup_program load "$file" || begin_anew
  timed "NATS and Redis started" start_infrastructure
  say "Streams"
  timed "restored" backup_program restore "$file" || begin_anew
  exec "$ROOT/start-cluster.sh"
}

main "$@"
