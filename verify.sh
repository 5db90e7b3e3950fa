#!/usr/bin/env bash
# Builds everything and runs all tests, those on real containers included: './mvnw verify' with what it needs around it.
# Arguments are passed on to Maven. Leaves nothing running that it has started.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")" && pwd)/docker/lib.sh"

usage() {
  cat <<'TEXT'
usage: ./verify.sh [Maven options]

Builds everything and runs all tests, on a Docker engine that is started (and stopped again) if there is none.
Needs a JDK 25. For one module: ./verify.sh -pl catga-redis -am
TEXT
}

# Of an engine that was stopped, too: so only once it runs.
remember_the_cluster() {
  [ -z "$(docker ps -aq --filter label=com.docker.compose.project=cluster)" ] || CLUSTER_WAS_RUNNING=yes
  [ -z "$(docker volume ls -q --filter label=com.docker.compose.project=cluster)" ] || VOLUMES_WERE_THERE=yes
}

# What Testcontainers cannot find out by itself where no registry answers.
configure_testcontainers() {
  NATS_IMAGE=$(chosen NATS_IMAGE)
  REDIS_IMAGE=$(chosen REDIS_IMAGE)
  RUNTIME_IMAGE=$(chosen RUNTIME_IMAGE)
  export NATS_IMAGE REDIS_IMAGE RUNTIME_IMAGE
  uses_local_images || return 0
  # Its clean-up container and its look for the host's address are images of a registry; each miss costs minutes.
  export TESTCONTAINERS_RYUK_DISABLED=true
  export TESTCONTAINERS_HOST_OVERRIDE=${TESTCONTAINERS_HOST_OVERRIDE:-localhost}
  export TESTCONTAINERS_PULL_TIMEOUT=3
}

# For the tests of the console. Where it cannot be had they fail and say so, and the others still run.
install_browser() {
  case " $* " in *cluster-tests*) ;; *" -pl "* | *" --projects "*) return 0 ;; esac
  if have chromedriver && { have chromium || have google-chrome; }; then return 0; fi
  is_root && have apt-get || return 0
  note "installing Chromium for the tests of the console from this system's packages: chromium chromium-driver"
  apt-get -qq update || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver >"$STATE/install-browser.log" 2>&1 ||
    warn "cannot install Chromium, so the tests of the console will fail: see $STATE/install-browser.log"
}

restore() {
  local code=$?
  trap - EXIT INT TERM
  say "Cleaning up"
  if engine_answers; then
    if [ -z "$CLUSTER_WAS_RUNNING" ]; then
      if [ -z "$VOLUMES_WERE_THERE" ]; then "$ROOT/stop-cluster.sh" --data; else "$ROOT/stop-cluster.sh"; fi
    fi
    if [ -z "$ENGINE_WAS_RUNNING" ]; then
      # On an engine that was started for these tests they can only be of interrupted ones.
      docker ps -aq --filter label=org.testcontainers=true | xargs docker rm -f >/dev/null 2>&1 || true
      if stop_own_engine || { [ -d /run/systemd/system ] && systemctl stop docker.socket docker; }; then
        note "Docker engine stopped"
      fi
    fi
  fi
  exit "$code"
}

main() {
  case ${1:-} in -h | --help) usage && exit 0 ;; esac
  mkdir -p "$STATE"
  require_jdk
  note "JDK in $JDK"
  # Until it is known what was there, nothing of the cluster may be stopped or removed.
  ENGINE_WAS_RUNNING='' CLUSTER_WAS_RUNNING=yes VOLUMES_WERE_THERE=yes
  if engine_answers; then ENGINE_WAS_RUNNING=yes; fi
  trap restore EXIT
  trap 'exit 130' INT TERM
  "$ROOT/start-cluster.sh" --prepare
  CLUSTER_WAS_RUNNING='' VOLUMES_WERE_THERE=''
  remember_the_cluster
  configure_testcontainers
  install_browser "$@"
  (cd "$ROOT" && JAVA_HOME=$JDK ./mvnw -B verify "$@")
}

main "$@"
