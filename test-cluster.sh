#!/usr/bin/env bash
# Posts orders through the load balancer and shows who did the work. Needs only curl and awk.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")" && pwd)/docker/lib.sh"

usage() {
  cat <<'TEXT'
usage: ./test-cluster.sh [ORDERS] [CLIENTS]

Posts ORDERS orders (300) from CLIENTS concurrent clients (8) and prints successes, rate, percentiles, the distribution
over the instances, and the events that each notification instance has seen. Fails unless every order was accepted and
every notification instance saw the event of every order.
TEXT
}

HOST=${BIND_ADDRESS:-127.0.0.1}
[ "$HOST" != 0.0.0.0 ] || HOST=127.0.0.1
EDGE=${CATGA_URL:-http://$HOST:8080}
NOTIFICATION_INSTANCES=${NOTIFICATION_INSTANCES:-2}
# How long after the last answer the last event may arrive.
EVENT_SECONDS=30

check_arguments() {
  case $1$2 in *[!0-9]*) usage >&2 && exit 2 ;; esac
  if [ "$1" -lt 1 ] || [ "$2" -lt 1 ] || [ "$2" -gt 300 ]; then
    fail "ORDERS must be at least 1 and CLIENTS 1 to 300, but were $1 and $2" "curl runs at most 300 transfers at a time"
  fi
}

check_tools() {
  have curl || fail "this needs curl" "install curl 7.84 or newer"
  curl --version | awk 'NR == 1 { split($2, v, "."); exit !(v[1] > 7 || (v[1] == 7 && v[2] >= 84)) }' ||
    fail "this needs curl 7.84 or newer, for its variables of response headers" "install a newer curl"
  curl -fsS -o /dev/null --max-time 5 "$EDGE/health" || fail "the cluster does not answer at $EDGE" "start it: ./start-cluster.sh"
}

# One line per order into results: status, seconds, order-api instance, order-service instance.
post_orders() {
  seq "$1" | awk -v url="$EDGE/api/orders" -v work="$WORK" '{ printf "url = \"%s\"\noutput = \"%s/order-%d\"\n", url, work, $1 }' >"$WORK/posts"
  curl -s --no-progress-meter --parallel --parallel-immediate --parallel-max "$2" --max-time 15 -K "$WORK/posts" -H 'Content-Type: application/json' \
    -d '{"customerId":"test-cluster","items":[{"productId":"p","quantity":2,"price":100}]}' \
    -w '%{http_code} %{time_total} %header{x-served-by} %header{x-handled-by}\n' >"$WORK/results" || true
}

print_requests() {
  sort -k2,2n "$WORK/results" | awk -v orders="$1" -v ms="$2" '
    { count[$1]++; time[NR] = $2 }
    function at(p,  i) { i = int(NR * p); if (i < NR * p) i++; return 1000 * time[i < 1 ? 1 : i] }
    END {
      ok = count["201"] + 0
      printf "\n%d of %d orders accepted (%.1f %%) in %.1f s: %.0f orders/s\n", ok, orders, 100 * ok / orders, ms / 1000, 1000 * ok / ms
      for (status in count) if (status != "201") printf "  status %s: %d\n", status, count[status]
      printf "latency: P50 %.1f ms   P95 %.1f ms   P99 %.1f ms   max %.1f ms\n", at(0.50), at(0.95), at(0.99), at(1)
    }'
}

# print_distribution TITLE COLUMN
print_distribution() {
  printf '\n%s\n' "$1"
  awk -v column="$2" '$1 == "201" { count[$column == "" ? "(not named)" : $column]++; all++ }
    END { for (i in count) printf "  %-34s %6d  %5.1f %%\n", i, count[i], 100 * count[i] / all }' "$WORK/results" | sort
}

order_ids() {
  cat "$WORK"/order-* 2>/dev/null | tr '{' '\n' |
    awk 'match($0, /"orderId" *: *"[^"]*"/) { id = substr($0, RSTART, RLENGTH - 1); sub(/.*"/, "", id); print id }' | sort -u
}

# Asks for the events of the orders in the file "open", and keeps there those that not every instance has seen yet.
ask_for_events() {
  awk -v url="$EDGE/api/notifications?orderId=" -v work="$WORK" '{ printf "url = \"%s%s\"\noutput = \"%s/events-%s\"\n", url, $1, work, $1 }' \
    "$WORK/open" >"$WORK/gets"
  curl -s --no-progress-meter --parallel --parallel-max "$1" --max-time 15 -K "$WORK/gets" || true
  instances_per_order "$WORK/open" | awk -v enough="$NOTIFICATION_INSTANCES" 'NF - 1 < enough { print $1 }' >"$WORK/still-open"
  mv "$WORK/still-open" "$WORK/open"
}

# One line per order of the file: its id, and the distinct instances in the answer about its events.
instances_per_order() {
  awk -v work="$WORK" '{
    file = work "/events-" $1; body = ""; line = $1
    while ((getline part < file) > 0) body = body part
    close(file)
    n = split(body, pieces, /"instance" *: *"/)
    for (i = 2; i <= n; i++) {
      name = substr(pieces[i], 1, index(pieces[i], "\"") - 1)
      if (!((NR, name) in seen)) { seen[NR, name] = 1; line = line " " name }
    }
    print line
  }' "$1"
}

collect_events() {
  local deadline=$((SECONDS + EVENT_SECONDS))
  order_ids >"$WORK/open"
  while [ -s "$WORK/open" ] && [ "$SECONDS" -lt "$deadline" ]; do ask_for_events "$1"; done
}

print_events() {
  order_ids >"$WORK/orders"
  printf '\nevents seen by each notification instance (of %d orders)\n' "$(wc -l <"$WORK/orders")"
  instances_per_order "$WORK/orders" | awk '{ for (i = 2; i <= NF; i++) count[$i]++ }
    END { for (i in count) printf "  %-34s %6d\n", i, count[i] }' | sort
  [ ! -s "$WORK/open" ] || printf '  %d orders whose event not every instance saw within %d s, such as %s\n' \
    "$(wc -l <"$WORK/open")" "$EVENT_SECONDS" "$(head -n 1 "$WORK/open")"
}

main() {
  case ${1:-} in -h | --help) usage && exit 0 ;; esac
  local orders=${1:-300} clients=${2:-8} started elapsed accepted distinct
  check_arguments "$orders" "$clients"
  check_tools
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
  say "posting $orders orders to $EDGE from $clients clients"
  started=$(now_ms)
  post_orders "$orders" "$clients"
  elapsed=$(($(now_ms) - started))
  print_requests "$orders" "$elapsed"
  print_distribution "order-api instances" 3
  print_distribution "order-service instances" 4
  collect_events "$clients"
  print_events
  accepted=$(awk '$1 == "201"' "$WORK/results" | wc -l)
  distinct=$(order_ids | wc -l)
  if [ "$accepted" -ne "$orders" ] || [ "$distinct" -ne "$orders" ] || [ -s "$WORK/open" ]; then
    fail "not 100 %: $((accepted)) of $orders accepted, $((distinct)) distinct orders, $(wc -l <"$WORK/open" | tr -d ' ') without all their events" \
      "see 'docker ps -a' for instances that are down, and 'docker logs' for their reasons"
  fi
  printf '\n100 %%\n'
}

main "$@"
