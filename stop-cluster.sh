#!/usr/bin/env bash
# Stops the order cluster and keeps its data, unless told otherwise.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")" && pwd)/docker/lib.sh"

usage() {
  cat <<'TEXT'
usage: ./stop-cluster.sh [--data] [--engine]

Stops and removes the containers and the network of the cluster. Orders and events stay, for the next start.

  --data     remove the cluster's volumes too: all orders, events and metrics are gone
  --engine   stop the Docker engine too, if start-cluster.sh has started it
TEXT
}

stop_containers() {
  if ! engine_answers; then
    note "no Docker engine answers: nothing to stop"
    return
  fi
  # shellcheck disable=SC2086  # empty, or one option
  compose down $1 >"$STATE/down.log" 2>&1 || fail "cannot stop the cluster" "see $STATE/down.log"
  if [ -n "$1" ]; then note "cluster stopped, data removed"; else note "cluster stopped, data kept"; fi
}

stop_engine() {
  if stop_own_engine; then
    note "Docker engine stopped"
  else
    note "the Docker engine was not started by start-cluster.sh: left alone"
  fi
}

main() {
  local volumes='' engine=''
  while [ $# -gt 0 ]; do
    case $1 in
      --data) volumes=--volumes ;;
      --engine) engine=yes ;;
      -h | --help) usage && exit 0 ;;
      *) usage >&2 && exit 2 ;;
    esac
    shift
  done
  mkdir -p "$STATE"
  stop_containers "$volumes"
  [ -z "$engine" ] || stop_engine
}

main "$@"
