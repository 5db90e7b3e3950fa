#!/usr/bin/env bash
# Two data centres on one machine: see usage below, and docs/two-data-centres.md for what they are good for.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")" && pwd)/docker/lib.sh"
# shellcheck source=docker/apps.sh
. "$ROOT/docker/apps.sh"

usage() {
  cat <<'TEXT'
usage: ./multi-dc.sh up | cut | join | drill [--record] [NAME...] | down [--data]

Two data centres, dc1 and dc2, each with NATS, Redis and the applications, and an arbiter for JetStream. A project of its
own beside the cluster, with 31 containers: dc1 takes orders at port 8081, dc2 at 8082.

  up      starts them, and places an order in each; both have the events of both
  cut     cuts dc1 off from dc2 and from the arbiter; both go on
  join    undoes that
  drill   breaks it under load, and says what clients and orders met: local, services-away, cut-off, lost; all four without
          a NAME, in about eight minutes. --record writes the table of docs/two-data-centres.md. Needs a JDK 25
  down    stops and removes the containers and keeps orders and events; with --data it removes these too
TEXT
}

SITES="dc1 dc2"
# Where the network between the data centres comes in: the gateways of dc1, and who stands in for the other one's services.
CROSSINGS="multi-dc-wan:dc1-nats-1 multi-dc-wan:dc1-nats-2 multi-dc-wan:dc1-nats-3
  multi-dc-dc1:dc2-standby-for-dc1 multi-dc-dc2:dc1-standby-for-dc2"
ORDER='{"customerId":"c","items":[{"productId":"p","quantity":2,"price":100}]}'

multi_dc() {
  (cd "$ROOT" && docker compose -f docker-compose.multi-dc.yml "$@")
}

# --- up -------------------------------------------------------------------------------------------------------------

up() {
  "$ROOT/start-cluster.sh" --prepare
  say "Applications"
  build_apps
  say "Containers"
  # The containers' users are others than this one, and must be able to read what is mounted.
  chmod -R a+rX "$ROOT/docker"
  timed "31 containers are healthy" start_containers
  # after a 'cut' that nobody has undone
  join_again
  say "First orders"
  local site order
  for site in $SITES; do
    order=$(place_order "$site")
    await_event "$site" "$order"
  done
  cat <<TEXT

Both data centres are ready.

  dc1   http://$HOST:8081/
  dc2   http://$HOST:8082/

Try:  ./multi-dc.sh cut
Stop: ./multi-dc.sh down

TEXT
}

start_containers() {
  multi_dc up -d --wait --wait-timeout 360 >"$STATE/multi-dc.log" 2>&1 && return
  tail -n 15 "$STATE/multi-dc.log" >&2
  multi_dc ps -a --format '{{.Name}}: {{.Status}}' | grep -v '(healthy)' >&2 || true
  fail "the data centres did not become healthy" "see 'docker logs' of the containers above, and $STATE/multi-dc.log"
}

# inside SITE PATH [curl's options]: asks the load balancer of a data centre; its image has curl.
inside() {
  local site=$1 path=$2
  shift 2
  docker exec "$site-nginx" curl -sS --max-time 10 "$@" "http://127.0.0.1:8080$path"
}

# Prints the id of a new order.
place_order() {
  local answer order
  answer=$(inside "$1" /api/orders -H 'Content-Type: application/json' -d "$ORDER" || true)
  order=$(printf '%s' "$answer" | sed -n 's/.*"orderId" *: *"\([^"]*\)".*/\1/p')
  [ -n "$order" ] || fail "$1 did not accept an order: ${answer:-no answer}" "see 'docker logs $1-order-api'"
  printf '%s\n' "$order"
}

# await_event SITE ORDER: in both data centres.
await_event() {
  local begun=$SECONDS site
  for site in $SITES; do
    until inside "$site" "/api/notifications?orderId=$2" | grep -q "\"$site-notification-service\""; do
      [ $((SECONDS - begun)) -lt 30 ] || fail "the event of order $2 of $1 did not reach $site within 30 s" \
        "see 'docker logs $site-notification-service'"
      sleep 0.2
    done
  done
  note "order $2 was placed in $1, and both data centres saw its event"
}

# --- cut and join ---------------------------------------------------------------------------------------------------

is_joined() { docker inspect -f '{{json .NetworkSettings.Networks}}' "$2" | grep -q "\"$1\""; }

cut_off() {
  local crossing
  for crossing in $CROSSINGS; do
    ! is_joined "${crossing%:*}" "${crossing#*:}" || docker network disconnect "${crossing%:*}" "${crossing#*:}"
  done
}

join_again() {
  local crossing
  for crossing in $CROSSINGS; do
    is_joined "${crossing%:*}" "${crossing#*:}" || docker network connect "${crossing%:*}" "${crossing#*:}"
  done
}

# --- drill ----------------------------------------------------------------------------------------------------------

drill() {
  require_jdk
  build_drills "$JDK" || fail "the drills do not compile" "see Maven's messages above"
  cd "$ROOT"
  # In its place, so that an interrupt reaches it: it then mends what it has broken.
  exec "$JDK/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m \
    -cp "$ROOT/drills/target/classes:$(cat "$ROOT/drills/target/class-path")" io.catga.drill.TwoSites "$@"
}

# --- down -----------------------------------------------------------------------------------------------------------

down() {
  # shellcheck disable=SC2086  # empty, or one option
  multi_dc down $1 >"$STATE/multi-dc.log" 2>&1 || fail "cannot stop the data centres" "see $STATE/multi-dc.log"
  if [ -n "$1" ]; then note "both data centres stopped, data removed"; else note "both data centres stopped, data kept"; fi
}

require_running() {
  engine_answers || fail "no Docker engine answers" "start the data centres: ./multi-dc.sh up"
  [ -n "$(docker ps -q --filter label=com.docker.compose.project=multi-dc)" ] ||
    fail "the data centres are not running" "start them: ./multi-dc.sh up"
}

HOST=${BIND_ADDRESS:-127.0.0.1}
[ "$HOST" != 0.0.0.0 ] || HOST=127.0.0.1

main() {
  local command=${1:-}
  [ $# -eq 0 ] || shift
  mkdir -p "$STATE"
  case "$command $*" in
    'up ') up ;;
    'cut ') require_running && cut_off ;;
    'join ') require_running && join_again ;;
    'drill '*) require_running && drill "$@" ;;
    'down ') down '' ;;
    'down --data') down --volumes ;;
    '-h '* | '--help '*) usage ;;
    *) usage >&2 && exit 2 ;;
  esac
}

main "$@"
