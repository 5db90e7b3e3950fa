#!/usr/bin/env bash
# Brings the order cluster up from whatever is there: see usage below, and docs/ for what each step does.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")" && pwd)/docker/lib.sh"
# shellcheck source=docker/apps.sh
. "$ROOT/docker/apps.sh"

# What a JDK 25 is enough for.
DEMO="./mvnw -q -pl order-demo -am spring-boot:run"

usage() {
  cat <<'TEXT'
usage: ./start-cluster.sh [--prepare]

Starts the order cluster and places one real order through it. A second run keeps the data and is quick.

  --prepare   only make ready what the cluster and the tests need: Docker engine, Compose, infrastructure images

Environment:
  CATGA_IMAGES=registry|local   take the images from the registry, or build them from Debian packages, without asking
  BIND_ADDRESS=0.0.0.0          publish the ports on other addresses than 127.0.0.1
  TRACE_SAMPLING=0.1            keep a tenth of the traces, in place of all
  JVM_OPTIONS=-XX:TieredStopAtLevel=4
                                both compilers: slower for some minutes, then faster; any other flags of the JVM
  TLS=on                        encrypt the connections to NATS and Redis (needs openssl)
  LOG_FORMAT=ecs                let the applications log JSON (or gelf, logstash), in place of lines for people
TEXT
}

# --- 1. A Docker engine that answers -------------------------------------------------------------------------------

ensure_engine() {
  local answer
  if engine_answers; then
    note "Docker engine $(docker version --format '{{.Server.Version}}')"
    return
  fi
  if have docker; then
    answer=$(limited 10 docker version 2>&1 >/dev/null || true)
    case $answer in
      *"permission denied"*)
        fail "a Docker engine is running, but this user may not use it" \
          "run 'sudo usermod -aG docker \$USER' and log in again, or start this script with sudo" ;;
    esac
  fi
  if ! have dockerd; then install_engine; fi
  engine_answers || start_engine
  note "Docker engine $(docker version --format '{{.Server.Version}}') started"
}

# no_engine "what went wrong" "what to do next": a first look needs none.
no_engine() {
  fail "$1" "$2.
       Without Docker, the order system runs in one process: $DEMO"
}

install_engine() {
  local packages="docker.io iptables ca-certificates"
  have apt-get || no_engine "no Docker engine answers, and this is no Debian-like system to install one on" \
    "install and start Docker Desktop or Docker Engine (https://docs.docker.com/get-docker/), then run this script again"
  is_root || no_engine "no Docker engine answers, and installing one needs root" \
    "start Docker if it is installed; otherwise run this script with sudo, or install Docker Engine yourself"
  # On some releases the command line is a package of its own, on older ones it is part of docker.io.
  note "installing a Docker engine from this system's packages: $packages"
  apt-get -qq update
  if apt-cache show docker-cli >/dev/null 2>&1; then packages="$packages docker-cli"; fi
  if grep -qs Y /sys/module/apparmor/parameters/enabled; then packages="$packages apparmor"; fi
  # shellcheck disable=SC2086  # a list of packages
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >"$STATE/install-engine.log" 2>&1 ||
    no_engine "cannot install the Docker engine" "see $STATE/install-engine.log"
}

start_engine() {
  is_root || no_engine "the Docker engine is installed, but does not run, and starting it needs root" \
    "run 'sudo systemctl start docker', or start this script with sudo"
  if [ -d /run/systemd/system ]; then
    systemctl start docker || no_engine "systemd cannot start the Docker engine" "see 'journalctl -u docker'"
  else
    start_engine_by_hand
  fi
  local begun=$SECONDS
  until engine_answers; do
    [ $((SECONDS - begun)) -lt 30 ] || no_engine "the Docker engine does not answer after 30 s" "see $STATE/dockerd.log"
    if [ -f "$STATE/dockerd.pid" ] && ! kill -0 "$(cat "$STATE/dockerd.pid")" 2>/dev/null && [ $((SECONDS - begun)) -gt 1 ]; then
      no_engine "the Docker engine stopped again" "see $STATE/dockerd.log"
    fi
    sleep 0.2
  done
}

# Without systemd: not by Debian's init script, which gives up where it may not raise the limit of open files.
start_engine_by_hand() {
  local data_root
  data_root=$(engine_data_root)
  rm -f "$STATE/dockerd.pid"
  # shellcheck disable=SC2016  # the inner shell's parameters
  setsid sh -c 'exec dockerd --pidfile "$1" --data-root "$2" >>"$3" 2>&1 </dev/null' \
    dockerd "$STATE/dockerd.pid" "$data_root" "$STATE/dockerd.log" &
}

# Layers cannot lie on an overlay file system, the root of most containers: then on the first real one.
engine_data_root() {
  local directory
  for directory in /var/lib/docker /tmp "$STATE"; do
    mkdir -p "$directory"
    if [ "$(stat -f -c %T "$directory")" != overlayfs ]; then
      [ "$directory" = /var/lib/docker ] || directory=$directory/catga-docker-data
      printf '%s\n' "$directory"
      return
    fi
  done
  printf '/var/lib/docker\n'
}

# --- 2. Compose v2 -------------------------------------------------------------------------------------------------

ensure_compose() {
  if ! docker compose version >/dev/null 2>&1; then
    have apt-get || fail "Docker has no Compose v2" "install the plugin: https://docs.docker.com/compose/install/"
    install_compose
    docker compose version >/dev/null 2>&1 || fail "the Compose plugin does not run" "try 'docker compose version'"
  fi
  local version
  version=$(docker compose version --short)
  is_at_least "$version" 2.20.3 || fail "Docker Compose $version is too old: the compose files need 2.20.3 or newer" \
    "update it: https://docs.docker.com/compose/install/"
  note "Docker Compose $version"
}

# is_at_least VERSION LEAST: compares the first three numbers.
is_at_least() {
  printf '%s\n%s\n' "${1#v}" "$2" | awk -F'[^0-9]' '
    { n[NR] = $1 * 1000000 + $2 * 1000 + $3 }
    END { exit !(n[1] >= n[2]) }'
}

install_compose() {
  # Ubuntu has it as a package, and Debian from release 13 on.
  local package
  for package in docker-compose-v2 docker-compose; do
    if is_root && apt-cache show "$package" 2>/dev/null | grep -q '^Version: 2'; then
      note "installing Compose v2 from this system's packages: $package"
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >"$STATE/install-compose.log" 2>&1 ||
        fail "cannot install $package" "see $STATE/install-compose.log"
      return
    fi
  done
  take_compose_from_debian
}

# The plugin is one binary that needs only libc: that of a newer Debian release runs on older ones. So it is taken out
# of its package, into this user's plugins, without adding a release to the system's sources.
take_compose_from_debian() {
  local work main architecture options
  note "installing Compose v2 for this user, from Debian's package"
  work=$STATE/apt
  main=${DEBIAN_MIRROR:-$(debian_mirror '')}
  if [ -z "$main" ]; then
    if is_root; then apt-get -qq update; fi
    main=$(debian_mirror '')
  fi
  [ -n "$main" ] || fail "Docker has no Compose v2, and apt knows no Debian mirror to take it from" \
    "install it: 'apt-get install docker-compose-v2' or https://docs.docker.com/compose/install/"
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$HOME/.docker/cli-plugins"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s trixie main\n' "$main" >"$work/sources.list"
  options="-o Dir::Etc::sourcelist=$work/sources.list -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists=$work/lists
    -o Dir::Cache=$work/cache -o Dir::State::status=/dev/null -o APT::Sandbox::User=root"
  # shellcheck disable=SC2086  # a list of options
  (cd "$work" && apt-get -qq $options update && apt-get -qq $options download docker-compose) ||
    fail "cannot download Compose v2" "install it: https://docs.docker.com/compose/install/"
  architecture=$(dpkg --print-architecture)
  dpkg-deb --fsys-tarfile "$work"/docker-compose_*_"$architecture".deb |
    tar -xO ./usr/libexec/docker/cli-plugins/docker-compose >"$HOME/.docker/cli-plugins/docker-compose"
  chmod 755 "$HOME/.docker/cli-plugins/docker-compose"
  rm -rf "$work"
}

# --- 3. The infrastructure's images --------------------------------------------------------------------------------

ensure_images() {
  case ${CATGA_IMAGES:-} in
    local) use_local_images ;;
    registry)
      forget_local_images
      pull_images "$(missing_images)" ;;
    '')
      local missing=''
      if uses_local_images; then
        use_local_images
      else
        missing=$(missing_images)
      fi
      if [ -n "$missing" ]; then
        if registry_answers "${missing%%[[:space:]]*}"; then
          pull_images "$missing"
        else
          note "no image registry answers ($(tail -n 1 "$STATE/pull.log"))"
          note "building the images from Debian packages instead"
          use_local_images
        fi
      fi ;;
    *) fail "CATGA_IMAGES must be 'registry' or 'local', but was '$CATGA_IMAGES'" ;;
  esac
  if uses_local_images; then
    note "images built from Debian packages; without Grafana, Jaeger and the NATS exporter, which no Debian release has"
  fi
  tell_of_other_data
}

missing_images() {
  local images image
  images=$(compose config --images) || fail "the compose files cannot be read" "see Compose's message above"
  # The applications' own images come later.
  for image in $(printf '%s\n' "$images" | grep -v '^catga/' | sort -u); do
    image_exists "$image" || echo "$image"
  done
}

# registry_answers IMAGE: asks for it, and where only the engine knows the way (a mirror, a proxy), has that pull it. With
# a limit, as a registry that drops connections would hold the start up for minutes.
registry_answers() {
  limited 20 docker manifest inspect "$1" >/dev/null 2>"$STATE/pull.log" ||
    limited "${CATGA_PULL_TIMEOUT:-60}" docker pull -q "$1" >/dev/null 2>"$STATE/pull.log"
}

# From a registry that answers, however slowly.
pull_images() {
  local image
  for image in $1; do
    image_exists "$image" && continue
    note "pulling $image"
    docker pull -q "$image" >/dev/null 2>"$STATE/pull.log" || fail "cannot pull $image: $(tail -n 1 "$STATE/pull.log")" \
      "run this script again, or build the images from Debian packages: CATGA_IMAGES=local ./start-cluster.sh"
  done
}

# Processes of the other images run as other users: they have volumes of their own.
tell_of_other_data() {
  local kind=registry prefix=cluster
  if ! uses_local_images; then kind=local prefix=cluster-local; fi
  [ -z "$(docker volume ls -q --filter "name=^${prefix}_")" ] ||
    warn "data of an earlier start with other images is kept: CATGA_IMAGES=$kind ./start-cluster.sh goes on with it"
}

# Written to .env, so that 'docker compose' by hand finds the same images. Anew where an earlier version wrote it, which
# did not know all of them.
use_local_images() {
  "$ROOT/docker/local-images/build.sh" infra
  [ "$(lines_of_local_images)" != "$(local_images)" ] || return 0
  forget_local_images
  local_images >>"$ROOT/.env"
}

local_images() {
  cat <<TEXT
$BEGIN_IMAGES
VOLUMES=cluster-local
NATS_IMAGE=catga-local/nats
REDIS_IMAGE=catga-local/redis
REDIS_USER=10001:10001
NGINX_IMAGE=catga-local/nginx
PROMETHEUS_IMAGE=catga-local/prometheus
REDIS_EXPORTER_IMAGE=catga-local/redis-exporter
NGINX_EXPORTER_IMAGE=catga-local/nginx-exporter
NGINX_EXPORTER_UNCHECKED=false
RUNTIME_IMAGE=catga-local/java
BUILD_IMAGE=catga-local/builder
# No Debian release has Grafana, Jaeger or the NATS exporter: no container of them, hence any image, and no traces to send.
REGISTRY_ONLY_REPLICAS=0
GRAFANA_IMAGE=catga-local/base
JAEGER_IMAGE=catga-local/base
NATS_EXPORTER_IMAGE=catga-local/base
OTLP_TRACES=false
$END_IMAGES
TEXT
}

lines_of_local_images() {
  uses_local_images || return 0
  awk -v from="$BEGIN_IMAGES" -v to="$END_IMAGES" '$0 == from { ours = 1 } ours { print } $0 == to { ours = 0 }' "$ROOT/.env"
}

forget_local_images() {
  uses_local_images || return 0
  awk -v from="$BEGIN_IMAGES" -v to="$END_IMAGES" '$0 == from { skip = 1 } !skip { print } $0 == to { skip = 0 }' \
    "$ROOT/.env" >"$ROOT/.env.new"
  mv "$ROOT/.env.new" "$ROOT/.env"
}

# --- 4. Up, and one real order -------------------------------------------------------------------------------------

# Passwords for the users of NATS and Redis, where there are none yet, and certificates with TLS=on.
make_secrets() {
  local prometheus=$ROOT/monitoring/prometheus
  if [ "${TLS:-}" = on ]; then
    have openssl || fail "TLS=on needs openssl, to make certificates" "install it, or start without TLS"
    sed 's|"redis://|"rediss://|' "$prometheus/prometheus.yml" >"$prometheus/prometheus-tls.yml"
  fi
  mkdir -p "$SECRETS"
  chmod 700 "$SECRETS"
  sh "$ROOT/docker/make-secrets.sh" "$SECRETS" || fail "passwords and certificates cannot be made" "see $SECRETS/make-certificates.log"
}

start_containers() {
  # The containers' users are others than this one, and must be able to read what is mounted.
  chmod -R a+rX "$ROOT/docker" "$ROOT/monitoring"
  compose up -d --wait --wait-timeout 240 >"$STATE/up.log" 2>&1 && return
  tail -n 15 "$STATE/up.log" >&2
  compose ps -a --format '{{.Name}}: {{.Status}}' | grep -v '(healthy)' >&2 || true
  fail "the cluster did not become healthy" "see 'docker logs' of the containers above, and $STATE/up.log"
}

place_order() {
  local key answer order begun=$SECONDS seen
  key=start-$(now_ms)
  answer=$(http -H 'Content-Type: application/json' -H "Idempotency-Key: $key" -d "$ORDER" "$EDGE/api/orders" || true)
  order=$(printf '%s' "$answer" | sed -n 's/.*"orderId" *: *"\([^"]*\)".*/\1/p')
  [ -n "$order" ] || fail "the first order was not accepted: ${answer:-no answer}" "see 'docker logs cluster-order-api-1' and 'docker logs cluster-order-service-1'"
  until seen=$(http "$EDGE/api/notifications?orderId=$order" | notification_instances) && [ "$seen" -ge 2 ]; do
    [ $((SECONDS - begun)) -lt 30 ] || fail "the event of order $order reached $seen of 2 notification instances within 30 s" \
      "see 'docker logs cluster-notification-service-1'"
    sleep 0.2
  done
  note "order $order was placed, and both notification instances saw its event"
}

notification_instances() {
  tr ',{}' '\n' | sed -n 's/.*"instance" *: *"\([^"]*\)".*/\1/p' | sort -u | wc -l | tr -d ' '
}

# A bare Debian has no curl; the load balancer has it in its image.
http() {
  if have curl; then
    curl -sS --max-time 10 "$@"
  else
    docker exec cluster-nginx curl -sS --max-time 10 "$@"
  fi
}

print_welcome() {
  cat <<TEXT

The cluster is ready.

  console      $EDGE/
  orders       $EDGE/api/orders        API description $EDGE/swagger-ui
  Prometheus   http://$HOST:9090
TEXT
  uses_local_images || cat <<TEXT
  Grafana      http://$HOST:3000  (admin / admin)
  Jaeger       http://$HOST:16686
TEXT
  cat <<TEXT

Try:  curl -i $EDGE/api/orders -H 'Content-Type: application/json' -d '$ORDER'
Stop: ./stop-cluster.sh

TEXT
}

# --- All of it -----------------------------------------------------------------------------------------------------

ORDER='{"customerId":"c","items":[{"productId":"p","quantity":2,"price":100}]}'
HOST=${BIND_ADDRESS:-127.0.0.1}
[ "$HOST" != 0.0.0.0 ] || HOST=127.0.0.1
EDGE=http://$HOST:8080
TIMES=''

# phase TITLE FUNCTION: runs a step and remembers how long it took.
phase() {
  local started
  started=$(now_ms)
  say "$1"
  "$2"
  TIMES="$TIMES  $(printf '%-28s' "$1") $(seconds $(($(now_ms) - started))) s
"
}

main() {
  local started prepare=''
  case ${1:-} in
    '') ;;
    --prepare) prepare=yes ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
  case ${LOG_FORMAT:-} in
    '' | ecs | gelf | logstash) ;;
    *) fail "LOG_FORMAT is '$LOG_FORMAT'" "it can be ecs, gelf or logstash; lines for people are without it" ;;
  esac
  case ${TLS:-} in
    '' | on) ;;
    *) fail "TLS is '$TLS'" "it can be on; without it connections are not encrypted" ;;
  esac
  case ${TRACE_SAMPLING:-} in
    '' | 0 | 1 | 1.0 | 0.[0-9] | 0.[0-9][0-9] | 0.[0-9][0-9][0-9]) ;;
    *) fail "TRACE_SAMPLING is '$TRACE_SAMPLING'" "it is the share of traces that are kept, from 0 to 1, such as 0.1" ;;
  esac
  started=$(now_ms)
  mkdir -p "$STATE"
  make_secrets
  phase "Docker engine" ensure_engine
  phase "Docker Compose" ensure_compose
  phase "Infrastructure images" ensure_images
  if [ -z "$prepare" ]; then
    phase "Applications" build_apps
    phase "Containers" start_containers
    phase "First order" place_order
    print_welcome
  fi
  printf '%s' "$TIMES"
  printf '  %-28s %s s\n' total "$(seconds $(($(now_ms) - started)))"
}

main "$@"
