#!/bin/sh
# Starts this Redis in the role that the Sentinels give it: they remember, in their volumes, who is master, also when the
# whole cluster was down. So a restarted old master never comes up as a second master. Two Sentinels must agree: one alone
# may be the one that missed the last failover.
set -eu

me=$1
port=6379
# With several data centres, every name begins with that of its own.
at=${SITE:+$SITE-}
nodes="${at}redis-1 ${at}redis-2 ${at}redis-3"
sentinels="${at}sentinel-1 ${at}sentinel-2 ${at}sentinel-3"

# Prints the master's name once at least two Sentinels name the same one.
master_by_majority() {
  for sentinel in $sentinels; do
    # -t 1: a hung Sentinel or a slow name service must not hold up the start.
    timeout 2 /catga/cli.sh -h "$sentinel" -p 26379 -t 1 --raw SENTINEL GET-MASTER-ADDR-BY-NAME mymaster 2>/dev/null | head -n 1 || true
  done | grep "^${at}redis-" | sort | uniq -c | awk '$1 >= 2 { print $2 }'
}

# Whether a replica has followed this node until a moment ago; of two, the Sentinels promote the one that is further.
has_successor() {
  for other in $nodes; do
    [ "$other" != "$me" ] || continue
    # -1: that Redis has just started itself, and may have been away for long
    timeout 2 /catga/cli.sh -h "$other" -p "$port" -t 1 INFO replication 2>/dev/null | tr -d '\r' | awk -F: -v me="$me" '
      $1 == "role" { role = $2 }
      $1 == "master_host" { master = $2 }
      $1 == "master_link_status" { link = $2 }
      $1 == "master_link_down_since_seconds" { down = $2 }
      END { exit !(role == "slave" && master == me && (link == "up" || (down >= 0 && down <= 10))) }' && return 0
  done
  return 1
}

# A master that crashed and is back before the Sentinels have noticed would first load all its data, for which they wait.
# Whoever followed it can go on at once, and has what a crashed disk may have lost.
hand_over() {
  for sentinel in $sentinels; do
    timeout 2 /catga/cli.sh -h "$sentinel" -p 26379 -t 1 SENTINEL FAILOVER mymaster 2>/dev/null | grep -q '^OK' && break
  done
  waited=0
  until master=$(master_by_majority) && [ -n "$master" ] && [ "$master" != "$me" ]; do
    waited=$((waited + 1))
    if [ "$waited" -gt 50 ]; then
      echo "[$me] nobody was promoted"
      master=$me
      return
    fi
    sleep 0.2
  done
}

# Containers that start at the same time may get each other's addresses. A Sentinel keeps the address that it had for a name
# that is not known yet: it would connect to this node, take it for the other one, and replace a master that seems to say
# that it is a replica. Nobody connects to whoever waits until all names are known.
names_are_known() {
  for node in $nodes; do
    timeout 1 getent hosts "$node" >/dev/null || return 1
  done
}

begun=$(date +%s)
until names_are_known || [ $(($(date +%s) - begun)) -ge 3 ]; do
  sleep 0.1
done

until master=$(master_by_majority) && [ -n "$master" ]; do
  echo "[$me] waiting for two Sentinels to name the master"
  sleep 0.3
done

if [ "$master" = "$me" ] && has_successor; then
  echo "[$me] was master: handing over to a replica"
  hand_over
fi

# In memory only.
(umask 077 && /catga/access.sh redis "$port" >/tmp/access.conf)
set -- redis-server /catga/redis.conf --include /tmp/access.conf --replica-announce-ip "$me" --replica-announce-port "$port"
if [ "$master" = "$me" ]; then
  echo "[$me] starting as master"
else
  echo "[$me] starting as replica of $master"
  set -- "$@" --replicaof "$master" "$port"
fi
exec "$@"
