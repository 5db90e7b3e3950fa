# shellcheck shell=bash
# What the scripts in this project's folder share. Sourced, never run.
# Written for bash 3.2, the one that macOS brings.
# shellcheck disable=SC2034  # what is set here is used by those that source it

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
STATE=${CATGA_STATE_DIR:-$ROOT/.cluster}
# Where the compose files look for them.
SECRETS=$ROOT/.cluster/secrets

# The three applications; the directory, the jar and the image of each have the same name.
APPS="order-api order-service notification-service"

say() { printf '%s\n' "$*"; }
note() { printf '  %s\n' "$*"; }
warn() { printf 'note: %s\n' "$*" >&2; }

# fail "what went wrong" "what to do next"
fail() {
  printf '\nerror: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf '       %s\n' "$2" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

is_root() { [ "$(id -u)" = 0 ]; }

# Not every system has timeout(1): macOS does not.
limited() {
  local seconds=$1
  shift
  if have timeout; then timeout "$seconds" "$@"; else "$@"; fi
}

now_ms() {
  local ms
  ms=$(date +%s%3N 2>/dev/null || true)
  case $ms in
    *[!0-9]* | '') echo "$(date +%s)000" ;;   # BSD date has no %N
    *) echo "$ms" ;;
  esac
}

# 12345 -> 12.3
seconds() { awk -v ms="$1" 'BEGIN { printf "%.1f", ms / 1000 }'; }

engine_answers() {
  have docker && [ -n "$(limited 10 docker version --format '{{.Server.Version}}' 2>/dev/null || true)" ]
}

image_exists() { docker image inspect "$1" >/dev/null 2>&1; }

compose() {
  (cd "$ROOT" && docker compose -f docker-compose.apps.yml "$@")
}

# chosen VARIABLE: the image of that name, from the environment, .env, or the default where it is used.
chosen() {
  local image
  image=$(eval "printf '%s' \"\${$1:-}\"")
  [ -n "$image" ] || image=$(sed -n "s/^$1=//p" "$ROOT/.env" 2>/dev/null | tail -n 1)
  [ -n "$image" ] || image=$(sed -n "s/.*\\\${$1:-\([^}]*\)}.*/\1/p" "$ROOT"/docker-compose.*.yml | head -n 1)
  [ -n "$image" ] || image=$(sed -n "s/^ARG $1=//p" "$ROOT/docker/Dockerfile")
  printf '%s\n' "$image"
}

# start-cluster.sh keeps its choice of images between these lines of .env, where 'docker compose' by hand finds it too.
BEGIN_IMAGES="# >>> start-cluster.sh: images built from Debian packages, as no registry answered; delete to have it look again"
END_IMAGES="# <<< start-cluster.sh"

uses_local_images() { grep -qxF "$END_IMAGES" "$ROOT/.env" 2>/dev/null; }

java_major() {
  "$1/bin/java" -XshowSettings:properties -version 2>&1 | awk -F'= *' '/java.specification.version/ { print $2; exit }'
}

is_jdk_25() {
  local major
  [ -x "$1/bin/javac" ] || return 1
  major=$(java_major "$1")
  case $major in '' | *[!0-9]*) return 1 ;; esac
  [ "$major" -ge 25 ]
}

# Prints the home of a JDK 25 or newer: JAVA_HOME, then the usual places, then the java on the PATH.
find_jdk() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/.sdkman/candidates/java/*; do
    if [ -n "$home" ] && is_jdk_25 "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  if have javac; then
    home=$(javac -J-XshowSettings:properties -version 2>&1 | awk -F'= *' '/ java.home/ { print $2; exit }')
    if [ -n "$home" ] && is_jdk_25 "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  fi
  return 1
}

# Sets JDK to the home of a JDK 25, or says how to get one.
require_jdk() {
  JDK=$(find_jdk) || fail "no JDK 25 found in JAVA_HOME, the usual directories or the PATH" \
    "install one, for instance Eclipse Temurin 25 (https://adoptium.net), and set JAVA_HOME to it"
}

# build_drills JDK: compiles the module that the drills, the doctor and the backups are in, unless nothing has changed.
build_drills() {
  local built=$ROOT/drills/target/class-path
  if [ -f "$built" ] && [ -z "$(cd "$ROOT" && find pom.xml drills/pom.xml drills/src/main -type f -newer "$built")" ]; then return; fi
  (cd "$ROOT" && JAVA_HOME=$1 ./mvnw -q -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true package -pl drills) || return
  touch "$built"
}

# backup_program WHAT FILE: in the folder of the compose files, after build_drills.
backup_program() {
  "$JDK/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xmx256m \
    -cp "$ROOT/drills/target/classes:$(cat "$ROOT/drills/target/class-path")" io.catga.backup.Main "$@"
}

# timed "what was done" COMMAND...: says how long it took.
timed() {
  local what=$1 started
  started=$(now_ms)
  shift
  "$@" || return
  note "$what in $(seconds $(($(now_ms) - started))) s"
}

# Of a file that may not exist yet, in a folder that does.
absolute() {
  local folder
  folder=$(cd "$(dirname "$1")" 2>/dev/null && pwd) || fail "there is no folder $(dirname "$1")"
  printf '%s/%s\n' "$folder" "$(basename "$1")"
}

# Stops the Docker engine that start-cluster.sh started, and only that one: the process must still be a dockerd.
stop_own_engine() {
  local pid_file=$STATE/dockerd.pid pid begun=$SECONDS
  [ -f "$pid_file" ] || return 1
  pid=$(cat "$pid_file")
  if is_dockerd "$pid"; then
    kill "$pid"
    while is_dockerd "$pid"; do
      [ $((SECONDS - begun)) -lt 30 ] || fail "the Docker engine (process $pid) does not stop" "see $STATE/dockerd.log"
      sleep 0.2
    done
  fi
  rm -f "$pid_file"
}

# By its command line, which a process that has ended no longer has, even where nobody collects its remains.
is_dockerd() { tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -q dockerd; }

# debian_mirror SUFFIX: the first Debian mirror in this host's own apt configuration whose release has that suffix.
debian_mirror() {
  # shellcheck disable=SC2016  # these are apt's variables
  apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk -v release="^[a-z]+$1\$" '$1 == "Debian" && $2 ~ release { print $3; exit }'
}
