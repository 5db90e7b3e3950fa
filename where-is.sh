#!/usr/bin/env bash
# Tells what has happened to an order: who accepted, handled and stored it, who has seen its events, and what was given up.
# Needs curl, and nothing else.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: ./where-is.sh [--json] ID

ID is what you have: the id of an order, the message id or Idempotency-Key of the request that placed or cancelled it, or
the trace id of that request (X-Trace-Id). Ids of messages and traces are known for 7 days, the id of an order always.

Why an event was given up is said by ./dead-letters.sh show ID, with the id of the dead letter.

  --json   as the interface answers it, for programs

Ends with 0 where something was found, 1 where nothing was, and 2 where it cannot be used so, or nobody answers.

Environment:
  CATGA_URL=http://localhost:8080     the load balancer, or an order-api
  JAEGER_URL=http://localhost:16686   where traces are looked at
TEXT
}

usage_error() {
  printf 'error: %s\n\n' "$1" >&2
  usage >&2
  exit 2
}

# unanswered "what went wrong" "what to do next"
unanswered() {
  printf 'error: %s\n       %s\n' "$1" "$2" >&2
  exit 2
}

# Sets STATUS and BODY.
ask() {
  local answer
  answer=$(curl -sS -G --connect-timeout 5 --max-time 30 -H "Accept: $1" --data-urlencode "id=$2" \
    -w '\n%{http_code}' "$CATGA_URL/api/orders/history") ||
    unanswered "nobody answers at $CATGA_URL" "start the cluster: ./start-cluster.sh, or say where it is: CATGA_URL=http://..."
  STATUS=${answer##*$'\n'}
  BODY=${answer%$'\n'*}
}

# Traces as links; everything else as it is.
linked() {
  awk -v url="${JAEGER_URL%/}" '$1 == "trace" && NF == 2 { sub(/[0-9a-f]+$/, url "/trace/" $2) } { print }'
}

main() {
  local id='' json='' type=text/plain
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help)
        usage
        exit 0
        ;;
      --json) json=yes ;;
      --)
        shift
        if [ $# -ne 1 ] || [ -n "$id" ]; then usage_error "one ID is needed"; fi
        id=$1
        ;;
      -*) usage_error "there is no option $1" ;;
      *)
        [ -z "$id" ] || usage_error "one ID is needed, but there are '$id' and '$1'"
        id=$1
        ;;
    esac
    shift
  done
  [ -n "$id" ] || usage_error "which ID?"
  command -v curl >/dev/null 2>&1 || unanswered "there is no curl on this system" "install it with your system's packages"
  CATGA_URL=${CATGA_URL:-http://localhost:8080}
  CATGA_URL=${CATGA_URL%/}
  JAEGER_URL=${JAEGER_URL:-http://localhost:16686}
  [ -z "$json" ] || type=application/json
  ask "$type" "$id"
  case $STATUS in
    200) if [ -n "$json" ]; then printf '%s\n' "$BODY"; else printf '%s\n' "$BODY" | linked; fi ;;
    404)
      printf 'not found: no order has this id, and no message or trace with it has changed one: %s\n' "$id" >&2
      exit 1
      ;;
    *) unanswered "$CATGA_URL answered with status $STATUS" "$BODY" ;;
  esac
}

main "$@"
