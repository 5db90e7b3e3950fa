#!/usr/bin/env bash
# The order cluster by hand, beside the running one and on its NATS and Redis: see usage below, and README.md.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")/../.." && pwd)/docker/lib.sh"

FLOOR=$ROOT/benchmarks/floor
ROLES="api service notification"
ORDER='{"customerId":"c","items":[{"productId":"p","quantity":2,"price":100}]}'
EDGE=http://${BIND_ADDRESS:-127.0.0.1}:8090

usage() {
  cat <<'TEXT'
usage: benchmarks/floor/floor.sh up|down|raw

  up     build the jar and the images, start the containers, and place one order through http://127.0.0.1:8090
  down   remove the containers, the event stream and the keys in Redis
  raw    print what NATS and Redis give without any application, as lines of JSON

The order cluster must be running: its network, NATS and Redis are used.

Environment:
  FLOOR_WAIT=0   acknowledge an order when the Redis master has it, in place of all healthy replicas
TEXT
}

floor_compose() { (cd "$FLOOR" && NGINX_IMAGE=$(chosen NGINX_IMAGE) docker compose "$@"); }

require_cluster() {
  engine_answers || fail "no Docker engine answers" "run ./start-cluster.sh first"
  docker network inspect cluster-network >/dev/null 2>&1 || fail "the order cluster is not running" "run ./start-cluster.sh first"
}

# --- The images ----------------------------------------------------------------------------------------------------

build_jar() {
  local jar=$FLOOR/target/cluster-floor.jar
  require_jdk
  if [ -f "$jar" ] && [ -z "$(cd "$ROOT" && find pom.xml benchmarks/floor/pom.xml benchmarks/floor/src/main -type f -newer "$jar")" ]; then
    return
  fi
  note "compiling with the JDK in $JDK"
  (cd "$ROOT" && JAVA_HOME=$JDK ./mvnw -q -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true package -pl benchmarks/floor) ||
    fail "the floor does not compile" "see Maven's messages above"
  # Maven leaves a jar alone whose content would be the same.
  touch "$jar"
}

# What the images are built from, in one directory.
lay_out() {
  local context=$FLOOR/target/image
  rm -rf "$context"
  "$JDK/bin/java" -Djarmode=tools -jar "$FLOOR/target/cluster-floor.jar" extract --destination "$context"
  mv "$context/cluster-floor.jar" "$context/app.jar"
  cp "$ROOT/docker/http-ok" "$ROOT/docker/jvm.options" "$ROOT/docker/names.properties" "$FLOOR/Dockerfile" "$context/"
}

build_images() {
  local role runtime
  runtime=$(chosen RUNTIME_IMAGE)
  build_jar
  lay_out
  for role in $ROLES; do build_image "$role" "$runtime"; done
}

# build_image ROLE RUNTIME_IMAGE: unless there is one of the same jar, flags and runtime.
build_image() {
  local inputs
  inputs=$({
    docker image inspect -f '{{.Id}}' "$2" 2>/dev/null || echo "$2"
    cd "$FLOOR/target"
    cat cluster-floor.jar image/http-ok image/jvm.options image/names.properties image/Dockerfile
  } | cksum | awk '{ print $1 }')
  [ "$(docker image inspect -f '{{ index .Config.Labels "io.catga.inputs" }}' "catga-floor/$1" 2>/dev/null || true)" != "$inputs" ] || return 0
  note "building the image catga-floor/$1, with its AOT cache"
  docker build -t "catga-floor/$1" --label "io.catga.inputs=$inputs" --build-arg "ROLE=$1" --build-arg "RUNTIME_IMAGE=$2" \
    "$FLOOR/target/image" >"$STATE/build-floor-$1.log" 2>&1 ||
    fail "cannot build the image catga-floor/$1" "see $STATE/build-floor-$1.log"
}

# --- Up, down, raw -------------------------------------------------------------------------------------------------

# The cluster's own configuration, but for the names behind it.
configure_nginx() {
  local file
  mkdir -p "$FLOOR/target/nginx"
  for file in "$ROOT"/docker/nginx/*.conf; do
    sed -e 's/order-api:8080/floor-api:8080/' -e 's/notification-service:8080/floor-notification:8080/' "$file" \
      >"$FLOOR/target/nginx/$(basename "$file")"
  done
  chmod -R a+rX "$FLOOR/target/nginx"
}

await_order() {
  local begun=$SECONDS
  until curl -fsS --max-time 10 -o /dev/null -H 'Content-Type: application/json' -d "$ORDER" "$EDGE/api/orders" 2>"$STATE/floor-order.log"; do
    [ $((SECONDS - begun)) -lt 60 ] || fail "no order is accepted: $(cat "$STATE/floor-order.log")" "see 'docker logs floor-api-1' and 'docker logs floor-service-1'"
    sleep 0.5
  done
}

up() {
  case ${FLOOR_WAIT:=1} in
    0 | 1) export FLOOR_WAIT ;;
    *) fail "FLOOR_WAIT is '$FLOOR_WAIT'" "it can be 1, to wait for the replicas, or 0" ;;
  esac
  require_cluster
  build_images
  configure_nginx
  floor_compose up -d --wait --wait-timeout 180 >"$STATE/floor-up.log" 2>&1 ||
    fail "the floor did not become healthy" "see $STATE/floor-up.log and 'docker logs floor-service-1'"
  await_order
  note "an order was placed through $EDGE (FLOOR_WAIT=$FLOOR_WAIT)"
}

down() {
  require_cluster
  floor_compose down >"$STATE/floor-down.log" 2>&1 || fail "cannot remove the floor's containers" "see $STATE/floor-down.log"
  if image_exists catga-floor/service; then
    run_role cleanup || fail "the floor's stream and keys could not be removed" "is the cluster healthy? Then run this again"
  fi
  note "the floor is gone, with its stream and its keys"
}

raw() {
  require_cluster
  build_images >&2
  run_role raw
}

# run_role ROLE: in a container of its own, until it has ended.
run_role() {
  docker run --rm --name "floor-$1" --hostname "floor-$1" --network cluster-network --memory 512m \
    -v "$SECRETS/nats-operator:/run/secrets/floor.nats-password:ro" -v "$SECRETS/redis-operator:/run/secrets/floor.redis-password:ro" \
    catga-floor/service "$1"
}

main() {
  mkdir -p "$STATE"
  case ${1:-} in
    up) up ;;
    down) down ;;
    raw) raw ;;
    -h | --help) usage ;;
    *) usage >&2 && exit 2 ;;
  esac
}

main "$@"
