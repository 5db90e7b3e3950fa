#!/usr/bin/env bash
# Builds the images of the cluster from Debian packages, for hosts that reach a Debian mirror but no image registry.
#
#   docker/local-images/build.sh infra     NATS, Redis, nginx, Prometheus, the exporters for Redis and nginx, and a Java 25
#                                          runtime
#   docker/local-images/build.sh builder   a JDK 25, for hosts that have none themselves
#
# Needs root on a Debian-like system: mmdebstrap makes a root file system with chroot. On one that is not Debian itself,
# DEBIAN_MIRROR says where the packages come from.
# shellcheck disable=SC2016  # mmdebstrap's hooks get the root file system as their own $1
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")/.." && pwd)/lib.sh"
HERE=$ROOT/docker/local-images

RELEASE=trixie
# From sid, because the release is too old for them: NATS 2.15 makes `sync_interval: always` affordable, nginx 1.27.3
# brought `resolve` in upstreams; the exporters are of the versions that the compose files name. All of these depend on
# nothing newer than the release has, but for libpcre2.
FROM_SID="nats-server nginx nginx-common libpcre2-8-0 prometheus promtool prometheus-redis-exporter prometheus-nginx-exporter"
INFRA="nats-server systemd-standalone-sysusers redis-server redis-sentinel redis-tools nginx prometheus prometheus-redis-exporter prometheus-nginx-exporter openjdk-25-jre-headless ca-certificates curl wget bash socat"
BUILDER="openjdk-25-jdk-headless ca-certificates ca-certificates-java curl wget bash tar unzip"

require_tools() {
  is_root || fail "building images from Debian packages needs root" "run it with sudo, or on a machine that reaches an image registry"
  have apt-get || fail "no image registry answers, and this is no Debian-like system to build the images on" \
    "check 'docker pull hello-world' and the proxy settings of the Docker engine"
  have mmdebstrap && [ -f /usr/share/keyrings/debian-archive-keyring.gpg ] && return
  note "installing mmdebstrap"
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mmdebstrap debian-archive-keyring >/dev/null ||
    fail "cannot install mmdebstrap" "see the messages of apt-get above"
}

sources() {
  local main security key='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  main=${DEBIAN_MIRROR:-$(debian_mirror '')}
  [ -n "$main" ] || fail "apt knows no Debian mirror to take the packages from" \
    "set DEBIAN_MIRROR to the address of one, or give the Docker engine access to an image registry"
  security=$(debian_mirror -security)
  printf 'deb %s %s %s main\n' "$key" "$main" "$RELEASE" "$key" "$main" "$RELEASE-updates" "$key" "$main" sid
  [ -z "$security" ] || printf 'deb %s %s %s main\n' "$key" "$security" "$RELEASE-security"
}

# Some hosts work with a frozen mirror whose Release files have expired, and say so in apt's configuration.
validity() {
  apt-config dump Acquire::Check-Valid-Until 2>/dev/null | grep -q '"false"' && echo --aptopt='Acquire::Check-Valid-Until "false"'
  return 0
}

# root_fs "packages" IMAGE: one root file system, imported as an image.
root_fs() {
  local packages=$1 image=$2 work valid
  work=$(mktemp -d)
  # shellcheck disable=SC2064  # the directory of now is meant
  trap "rm -rf '$work'" EXIT
  printf 'Package: *\nPin: release n=sid\nPin-Priority: 50\n\nPackage: %s\nPin: release n=sid\nPin-Priority: 990\n' "$FROM_SID" >"$work/pins"
  sources >"$work/sources.list"
  valid=$(validity)
  # The man1 directory must exist for openjdk's postinst. Extra authorities of the host come along, so that a build
  # behind a proxy that opens TLS reaches Maven's repository.
  mmdebstrap --quiet --mode=root --variant=essential --format=tar ${valid:+"$valid"} \
    --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --essential-hook='mkdir -p "$1/usr/share/man/man1" "$1/etc/apt/preferences.d" && cp "'"$work/pins"'" "$1/etc/apt/preferences.d/catga"' \
    --customize-hook='cp /usr/local/share/ca-certificates/*.crt "$1/usr/local/share/ca-certificates/" 2>/dev/null || true' \
    --customize-hook='chroot "$1" update-ca-certificates >/dev/null' \
    --customize-hook='ln -sfn "$(cd "$1/usr/lib/jvm" && ls -d java-25-openjdk-*)" "$1/usr/lib/jvm/default"' \
    --include="$(printf '%s' "$packages" | tr ' ' ',')" \
    "$RELEASE" "$work/root.tar" "$work/sources.list" ||
    fail "cannot make a Debian root file system" "the messages of mmdebstrap above say why; a mirror that does not answer is the usual cause"
  docker import -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' -c 'ENV LANG=C.UTF-8' \
    -c "LABEL io.catga.recipe=$(root_fs_recipe "$packages")" "$work/root.tar" "$image" >/dev/null
  rm -rf "$work"
  trap - EXIT
}

# What an image is made of, as one number. "declare -f" leaves comments out.
root_fs_recipe() { { echo "$1 $RELEASE $FROM_SID" && declare -f root_fs; } | cksum | awk '{ print $1 }'; }
thin_recipe() { { root_fs_recipe "$INFRA" && cat "$HERE/Dockerfile"; } | cksum | awk '{ print $1 }'; }

# current IMAGE RECIPE: is the image there, and made by this very recipe?
current() {
  [ "$(docker image inspect -f '{{ index .Config.Labels "io.catga.recipe" }}' "$1" 2>/dev/null || true)" = "$2" ]
}

thin_image() {
  docker build -q --target "$1" -t "catga-local/$1:latest" --label "io.catga.recipe=$(thin_recipe)" - <"$HERE/Dockerfile" \
    >/dev/null 2>"$STATE/build-$1.log" || fail "cannot build catga-local/$1" "see $STATE/build-$1.log"
}

build_infra() {
  local image
  if ! current catga-local/base "$(root_fs_recipe "$INFRA")"; then
    require_tools
    note "making one Debian root file system with NATS, Redis, nginx, Prometheus, exporters and Java 25 (about a minute)"
    root_fs "$INFRA" catga-local/base:latest
  fi
  for image in nats redis nginx prometheus redis-exporter nginx-exporter java; do
    current "catga-local/$image" "$(thin_recipe)" || thin_image "$image"
  done
}

build_builder() {
  current catga-local/builder "$(root_fs_recipe "$BUILDER")" && return
  require_tools
  note "making a Debian root file system with a JDK 25 (about a minute)"
  root_fs "$BUILDER" catga-local/builder:latest
}

mkdir -p "$STATE"
case ${1:-} in
  infra) build_infra ;;
  builder) build_builder ;;
  *) fail "usage: $0 infra|builder" ;;
esac
