#!/bin/sh
# Starts this Redis in the role that the Sentinels give it: they remember, in their volumes, who is master, also when the
# whole cluster was down. So a restarted old master never comes up as a second master. Two Sentinels must agree: one alone
# may be the one that missed the last failover.
set -eu

me=$1
port=6379

# Prints the master's name once at least two Sentinels name the same one.
master_by_majority() {
  for sentinel in sentinel-1 sentinel-2 sentinel-3; do
    # -t 1: a hung Sentinel or a slow name service must not hold up the start.
    timeout 2 redis-cli -h "$sentinel" -p 26379 -t 1 --raw SENTINEL GET-MASTER-ADDR-BY-NAME mymaster 2>/dev/null | head -n 1 || true
  done | grep '^redis-' | sort | uniq -c | awk '$1 >= 2 { print $2 }'
}

until master=$(master_by_majority) && [ -n "$master" ]; do
  echo "[$me] waiting for two Sentinels to name the master"
  sleep 0.3
done

set -- redis-server /catga/redis.conf --port "$port" --replica-announce-ip "$me" --replica-announce-port "$port"
if [ "$master" = "$me" ]; then
  echo "[$me] starting as master"
else
  echo "[$me] starting as replica of $master"
  set -- "$@" --replicaof "$master" "$port"
fi
# The official image's entry point gives up root; the local image is not root to begin with.
if [ "$(id -u)" = 0 ] && command -v docker-entrypoint.sh >/dev/null; then set -- docker-entrypoint.sh "$@"; fi
exec "$@"
