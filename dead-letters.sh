#!/usr/bin/env bash
# Lists, shows, replays and purges the events that a consumer gave up. Asks a notification-service instance from inside
# the cluster's network: the endpoint is not published on this host.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")" && pwd)/docker/lib.sh"

ENDPOINT=http://notification-service:8080/actuator/catgadeadletters
# The load balancer has curl in its image, and is in the same network.
CONTAINER=cluster-nginx
# What the endpoint gives at once at most.
PAGE=1000

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

list prints all letters, oldest first; with --limit the first N, and a "next" to give as --after where there are more.
replay hands an event again to the consumer that gave it up, and to no other. purge throws it away for good.
TEXT
}

usage_error() {
  printf 'error: %s\n\n' "$1" >&2
  usage >&2
  exit 2
}

# Sets PARAMETERS, the arguments for curl, and for a list LIMIT and AFTER, which are different for each page.
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
      list:--limit | list:--after) name="" ;;
      purge-all:--everything)
        EVERYTHING=yes
        shift
        continue
        ;;
      *) usage_error "$command does not know $1" ;;
    esac
    if [ $# -lt 2 ] || [ -z "$2" ]; then usage_error "$1 needs a value"; fi
    case $1 in
      --limit) check_number "$2" && LIMIT=$2 ;;
      --after) AFTER=$2 ;;
      *) PARAMETERS+=(--data-urlencode "$name=$2") ;;
    esac
    shift 2
  done
}

# Of up to 9 digits, which every shell can count with.
check_number() {
  case $1 in 0* | *[!0-9]* | ??????????*) usage_error "--limit needs a number of 1 to 999999999, but was '$1'" ;; esac
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

# request METHOD [/ID] [curl's arguments for parameters]; sets BODY
request() {
  local method=$1 path=$2 answer status
  shift 2
  # A replay of many letters takes its time.
  answer=$(docker exec "$CONTAINER" curl -sS -G -X "$method" -H 'Content-Type: application/json' --max-time 300 -w '\n%{http_code}' "$@" "$ENDPOINT$path") ||
    fail "no notification-service answers" "see: docker ps --filter name=cluster-notification-service"
  status=${answer##*$'\n'}
  BODY=${answer%$'\n'*}
  case $status in
    2*) ;;
    404)
      [ -n "$path" ] || fail "notification-service has no such endpoint" "its image is older: ./start-cluster.sh builds it anew"
      fail "there is no dead letter ${path#/}" "see what there is: ./dead-letters.sh list"
      ;;
    *) fail "answered with status $status" "$BODY" ;;
  esac
}

# As request, and prints what is answered.
ask() {
  check_cluster
  request "$@"
  [ -z "$BODY" ] || printf '%s\n' "$BODY" | pretty
}

# Goes from page to page until there is no next, or LIMIT is reached, and prints all of it as one page. A page may be empty
# and not be the last. Without jq, which not everybody has: of the parts of a page only the letters have a "]", and a quote
# inside of a text has a backslash before it.
list() {
  local left=$LIMIT after=$AFTER size letters all="" before behind page
  check_cluster
  while :; do
    size=$PAGE
    [ -z "$left" ] || [ "$left" -ge "$size" ] || size=$left
    page=(--data-urlencode "limit=$size")
    [ -z "$after" ] || page+=(--data-urlencode "after=$after")
    request GET "" ${PARAMETERS[@]+"${PARAMETERS[@]}"} "${page[@]}"
    case $BODY in
      *'"letters":['*']'*) ;;
      *) fail "this is no list of dead letters: $BODY" "its image may be of another version: ./start-cluster.sh builds it anew" ;;
    esac
    before=${BODY%%'"letters":['*}
    letters=${BODY#*'"letters":['}
    behind=${letters##*]}
    letters=${letters%]*}
    [ -z "$letters" ] || all=$all${all:+,}$letters
    case $before$behind in
      *'"next":"'*)
        after=${before}${behind}
        after=${after#*'"next":"'}
        after=${after%%'"'*}
        ;;
      *) break ;;
    esac
    if [ -n "$left" ]; then
      left=$((left - $(count_letters "$letters")))
      [ "$left" -gt 0 ] || break
    fi
  done
  printf '%s"letters":[%s]%s\n' "$before" "$all" "$behind" | pretty
}

count_letters() {
  printf '%s\n' "$1" | { grep -o '"id":"' || true; } | wc -l | tr -d ' '
}

main() {
  local command=${1:-}
  [ $# -eq 0 ] || shift
  EVERYTHING=no
  LIMIT=""
  AFTER=""
  case $command in
    list)
      read_options list "$@"
      list
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
