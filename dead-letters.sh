#!/usr/bin/env bash
# Lists, shows, replays and purges the events that a consumer gave up. Asks a notification-service instance from inside
# the cluster's network: the endpoint is not published on this host.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")" && pwd)/docker/lib.sh"

ENDPOINT=http://notification-service:8080/actuator/catgadeadletters
# The load balancer has curl in its image, and is in the same network.
CONTAINER=cluster-nginx

usage() {
  cat <<'TEXT'
usage: ./dead-letters.sh list [FILTER...] [--limit N] [--after NEXT]
       ./dead-letters.sh show ID
       ./dead-letters.sh replay ID
       ./dead-letters.sh replay-all [FILTER...]
       ./dead-letters.sh purge ID
       ./dead-letters.sh purge-all FILTER...|--everything

FILTER: --type NAME       the type of the event, such as orders.order-created
        --consumer NAME   who gave it up, such as cluster-notification-service-1
        --code CODE       what the last attempt ended in, such as INTERNAL
        --older-than TIME such as 30m, 2h or 7d

list prints a page, oldest first (100 letters, or --limit 1 to 1000); give its "next" as --after for the next page.
replay hands an event again to the consumer that gave it up, and to no other. purge throws it away for good.
TEXT
}

usage_error() {
  printf 'error: %s\n\n' "$1" >&2
  usage >&2
  exit 2
}

# Sets PARAMETERS, the arguments for curl.
read_options() {
  local command=$1 name
  shift
  PARAMETERS=()
  while [ $# -gt 0 ]; do
    case $command:$1 in
      *:--type) name="type" ;;
      *:--consumer) name=consumer ;;
      *:--code) name=code ;;
      *:--older-than) name=olderThan ;;
      list:--limit) name=limit ;;
      list:--after) name=after ;;
      purge-all:--everything)
        EVERYTHING=yes
        shift
        continue
        ;;
      *) usage_error "$command does not know $1" ;;
    esac
    if [ $# -lt 2 ] || [ -z "$2" ]; then usage_error "$1 needs a value"; fi
    PARAMETERS+=(--data-urlencode "$name=$2")
    shift 2
  done
}

check_id() {
  [ $# -eq 2 ] || usage_error "$1 needs one ID"
  case $2 in '' | *[!A-Za-z0-9_-]*) usage_error "an ID has letters, digits, - and _, but was '$2'" ;; esac
}

check_cluster() {
  engine_answers || fail "no Docker engine answers" "start it, and the cluster: ./start-cluster.sh"
  [ "$(docker inspect -f '{{.State.Running}}' "$CONTAINER" 2>/dev/null || true)" = true ] ||
    fail "$CONTAINER does not run" "start the cluster: ./start-cluster.sh"
}

pretty() {
  if have jq; then jq .; else cat; fi
}

# ask METHOD [/ID] [curl's arguments for parameters]
ask() {
  local method=$1 path=$2 answer status body
  shift 2
  check_cluster
  # A replay of many letters takes its time.
  answer=$(docker exec "$CONTAINER" curl -sS -G -X "$method" -H 'Content-Type: application/json' --max-time 300 -w '\n%{http_code}' "$@" "$ENDPOINT$path") ||
    fail "no notification-service answers" "see: docker ps --filter name=cluster-notification-service"
  status=${answer##*$'\n'}
  body=${answer%$'\n'*}
  case $status in
    2*) [ -z "$body" ] || printf '%s\n' "$body" | pretty ;;
    404)
      [ -n "$path" ] || fail "notification-service has no such endpoint" "its image is older: ./start-cluster.sh builds it anew"
      fail "there is no dead letter ${path#/}" "see what there is: ./dead-letters.sh list"
      ;;
    *) fail "answered with status $status" "$body" ;;
  esac
}

main() {
  local command=${1:-}
  [ $# -eq 0 ] || shift
  EVERYTHING=no
  case $command in
    list)
      read_options list "$@"
      ask GET "" ${PARAMETERS[@]+"${PARAMETERS[@]}"}
      ;;
    show)
      check_id show "$@"
      ask GET "/$1"
      ;;
    replay)
      check_id replay "$@"
      ask POST "/$1"
      ;;
    purge)
      check_id purge "$@"
      ask DELETE "/$1"
      ;;
    replay-all)
      read_options replay-all "$@"
      [ ${#PARAMETERS[@]} -gt 0 ] || PARAMETERS=(--data-urlencode all=true)
      ask POST "" "${PARAMETERS[@]}"
      ;;
    purge-all)
      read_options purge-all "$@"
      if [ "$EVERYTHING" = yes ]; then
        [ ${#PARAMETERS[@]} -eq 0 ] || usage_error "--everything and a filter contradict each other"
        PARAMETERS=(--data-urlencode all=true)
      fi
      [ ${#PARAMETERS[@]} -gt 0 ] || usage_error "purge-all needs a filter, or --everything"
      ask DELETE "" "${PARAMETERS[@]}"
      ;;
    -h | --help | help) usage ;;
    '') usage_error "what is to be done?" ;;
    *) usage_error "there is no command $command" ;;
  esac
}

main "$@"
