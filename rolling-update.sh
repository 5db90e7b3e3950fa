#!/usr/bin/env bash
# Replaces the applications by what their sources make now, while they serve. See usage below.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")" && pwd)/docker/lib.sh"
# shellcheck source=docker/apps.sh
. "$ROOT/docker/apps.sh"

usage() {
  cat <<'TEXT'
usage: ./rolling-update.sh [SERVICE]

Builds the images of the three applications, or of SERVICE (order-api, order-service or notification-service), where their
sources have changed, and replaces the instances that run something else, or with other settings. No request fails
meanwhile, no event is delivered twice, and every container keeps its name. An application that is up to date is left alone.

Readers before senders: notification-service, half of the instances at a time; order-service, with as many more instances
until the old ones are replaced; order-api, one after the other. Each waits until the new ones are healthy, and stops where
they are not: the others then still run what they ran before.

Environment: as for ./start-cluster.sh, with the values that the cluster was started with, or the new ones.

The cluster must be running. What the other containers are is not changed: ./start-cluster.sh does that, all at once.
TEXT
}

# Sets SELECTED.
read_arguments() {
  case ${1:-} in -h | --help) usage && exit 0 ;; esac
  [ $# -le 1 ] || { usage >&2 && exit 2; }
  # Whoever receives a newer message must be able to read it already.
  SELECTED="notification-service order-service order-api"
  [ $# -eq 0 ] || case " $APPS " in
    *" $1 "*) SELECTED=$1 ;;
    *)
      printf 'error: there is no application %s\n\n' "$1" >&2
      usage >&2
      exit 2
      ;;
  esac
}

# --- What there is ---------------------------------------------------------------------------------------------------

# The containers of a service of the compose files, in the order of their numbers, which end their names.
containers_of() {
  docker ps -a --filter label=com.docker.compose.project=cluster --filter "label=com.docker.compose.service=$1" \
    --filter label=com.docker.compose.oneoff=False --format '{{.Names}}' | sort -t - -k 4n
}

count() { awk 'NF { n++ } END { print n + 0 }'; }

is_healthy() { [ "$(docker inspect -f '{{.State.Health.Status}}' "$1" 2>/dev/null || true)" = healthy ]; }

# outdated SERVICE: those of its containers that were made of another image than its name stands for now, or with other
# settings.
outdated() {
  local name image settings expected
  settings=$(settings_of "$1")
  for name in $(containers_of "$1"); do
    IFS=$'\t' read -r image expected < <(docker inspect -f $'{{.Image}}\t{{.Config.Image}}' "$name")
    expected=$(docker image inspect -f '{{.Id}}' "$expected" 2>/dev/null || true)
    [ "$image $(docker inspect -f '{{index .Config.Labels "com.docker.compose.config-hash"}}' "$name")" = "$expected $settings" ] ||
      echo "$name"
  done
}

# What Compose compares a container's settings by.
settings_of() { printf '%s\n' "$SETTINGS" | awk -v service="$1" '$1 == service { print $2 }'; }

# Compose brings what a service depends on to what the files say, too, and that would be no rolling update. Not
# '--no-deps': Compose then makes containers with other settings, as it counts the dependencies among them, and the next
# start would replace all of them at once.
check_dependencies() {
  local service old
  for service in nats-1 nats-2 nats-3 redis-1 redis-2 redis-3 sentinel-1 sentinel-2 sentinel-3; do
    old=$(outdated "$service")
    [ -z "$old" ] || fail "$old was started from another image, or with other settings, than there are now" \
      "give the environment that it was started with, or let ./start-cluster.sh replace everything, which is an outage"
  done
}

# --- Replacing -------------------------------------------------------------------------------------------------------

up() { compose up -d "$@" >"$STATE/update.log" 2>&1; }

# up_healthy ARGUMENTS: until all are healthy.
up_healthy() { up --wait --wait-timeout 240 "$@"; }

# require_healthy CONTAINERS "what happens to the others": a healthy one is stopped only while others serve.
require_healthy() {
  local name
  for name in $1; do
    is_healthy "$name" || fail "$name is not healthy, and $2" \
      "mend it first (./doctor.sh says how); or ./start-cluster.sh, which replaces all at once"
  done
}

# Three services of their own: one after the other, and first whichever does not work in any case.
update_order_api() {
  local name others all old='' well='' sick=''
  all=$(docker ps -a --filter label=com.docker.compose.project=cluster --format '{{.Label "com.docker.compose.service"}}' |
    grep '^order-api-' | sort)
  for name in $all; do
    [ -n "$(outdated "$name")" ] || continue
    old=yes
    if is_healthy "cluster-$name"; then well="$well $name"; else sick="$sick $name"; fi
  done
  [ -n "$old" ] || { note "order-api is up to date" && return; }
  for name in $sick $well; do
    if is_healthy "cluster-$name"; then
      others=$(printf '%s\n' "$all" | grep -vx "$name" | sed 's/^/cluster-/')
      require_healthy "$others" "cluster-$name is to be replaced"
    fi
    up_healthy "$name" || fail "cluster-$name does not become healthy; the instances after it run what they ran before" \
      "see 'docker logs cluster-$name' and $STATE/update.log"
    note "cluster-$name is replaced"
  done
}

# As many more, of the new ones; then Compose replaces the old ones in place, all at once, so that they keep their names;
# then there are as many as before. One by one, Compose would give new names.
surge() {
  local service=$1 before number
  [ -n "$(outdated "$service")" ] || { note "$service is up to date" && return; }
  before=$(containers_of "$service")
  number=$(printf '%s\n' "$before" | count)
  if ! up_healthy --no-recreate --scale "$service=$((2 * number))" "$service"; then
    docker logs --tail 200 "$(containers_of "$service" | tail -n 1)" >"$STATE/update-$service.log" 2>&1 || true
    up --no-recreate --scale "$service=$number" "$service" || true
    fail "the new $service does not become healthy; nothing was replaced" "see $STATE/update-$service.log"
  fi
  note "$number more of $service"
  up_healthy --scale "$service=$((2 * number))" "$service" ||
    fail "not every new $service becomes healthy; the additional ones serve" "see 'docker ps' and $STATE/update.log, and run this again"
  up --no-recreate --scale "$service=$number" "$service" || fail "cannot remove the additional instances" "see $STATE/update.log"
  require_names "$service" "$before"
}

# Not by surge: each instance has its own position in the stream of events, and an additional one would leave its own
# behind. Compose gives a missing instance the number after the highest, so the last ones can be taken away and made anew
# under their names; after that only the first ones are old, and Compose replaces those in place.
in_halves() {
  local service=$1 before number old last name
  old=$(outdated "$service")
  [ -n "$old" ] || { note "$service is up to date" && return; }
  before=$(containers_of "$service")
  number=$(printf '%s\n' "$before" | count)
  [ "$number" -ge 2 ] || { surge "$service" && return; }
  require_healthy "$before" "others of $service are to be replaced"
  last=$(printf '%s\n' "$before" | tail -n $((number / 2)))
  if printf '%s\n' "$old" | grep -qxF "$last"; then
    # shellcheck disable=SC2086  # a list of names
    { docker stop $last && docker rm $last; } >"$STATE/update.log" 2>&1 || fail "cannot stop $last" "see $STATE/update.log"
    up_healthy --no-recreate --scale "$service=$number" "$service" ||
      fail "the new $service does not become healthy; the others run what they ran before" \
        "see 'docker logs $(printf '%s\n' "$last" | tail -n 1)' and $STATE/update.log"
    for name in $last; do note "$name is replaced"; done
  fi
  up_healthy --scale "$service=$number" "$service" ||
    fail "not every new $service becomes healthy" "see 'docker ps' and $STATE/update.log, and run this again"
  require_names "$service" "$before"
}

require_names() {
  [ "$(containers_of "$1")" = "$2" ] || fail "the instances of $1 have other names than before" "./stop-cluster.sh and ./start-cluster.sh give the usual ones; the data stay"
  note "$1: $(printf '%s\n' "$2" | count) replaced, names kept"
}

main() {
  local app started
  read_arguments "$@"
  engine_answers || fail "no Docker engine answers" "start the cluster: ./start-cluster.sh"
  [ -n "$(docker ps -q --filter label=com.docker.compose.project=cluster)" ] ||
    fail "the cluster is not running" "start it: ./start-cluster.sh"
  started=$(now_ms)
  mkdir -p "$STATE"
  say "Images"
  (APPS=$SELECTED && build_apps)
  SETTINGS=$(compose config --hash '*') || fail "the compose files cannot be read" "see Compose's message above"
  check_dependencies
  say "Instances"
  for app in $SELECTED; do
    case $app in
      notification-service) in_halves "$app" ;;
      order-service) surge "$app" ;;
      order-api) update_order_api ;;
    esac
  done
  note "$(seconds $(($(now_ms) - started))) s"
}

main "$@"
