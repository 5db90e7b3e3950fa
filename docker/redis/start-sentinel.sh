#!/bin/sh
# Starts a Sentinel on a configuration that it may rewrite. The file lives in the volume, and is made only when there is
# none: it remembers who is master. Users and passwords, and whether connections are encrypted, are those of now.
set -eu

me=$1
config=/data/sentinel.conf
# It has passwords in it.
umask 077
# With several data centres, every name begins with that of its own.
first_master=${SITE:+$SITE-}redis-1

if [ ! -s "$config" ]; then
  # down-after: with the periods below, writes succeed again 1.1 to 1.5 s after the master died; much shorter, and a busy
  # machine causes failovers of its own.
  cat >"$config.new" <<CONF
dir /data
protected-mode no
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $me
sentinel announce-port 26379
sentinel monitor mymaster $first_master 6379 2
sentinel down-after-milliseconds mymaster 1000
sentinel failover-timeout mymaster 10000
sentinel parallel-syncs mymaster 2
CONF
  mv "$config.new" "$config"
fi
{
  grep -Ev '^(user|port|tls-[a-z-]+|sentinel (auth|sentinel)-(user|pass)) ' "$config"
  /catga/access.sh sentinel 26379
} >"$config.new"
mv "$config.new" "$config"

# A Sentinel that cannot resolve its master's name does not start; the name exists as soon as that container runs.
master=$(awk '$1 == "sentinel" && $2 == "monitor" { print $4 }' "$config")
until getent hosts "$master" >/dev/null; do
  echo "[$me] waiting for the name $master"
  sleep 0.3
done

# Not settable in the file: ask twice as often as by default, so that the election starts right after down-after.
(
  until /catga/cli.sh -p 26379 SENTINEL DEBUG ping-period 300 info-period 1000 ask-period 300 2>/dev/null | grep -q OK; do
    sleep 0.1
  done
) &

exec redis-server "$config" --sentinel
