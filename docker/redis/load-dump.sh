#!/bin/sh
# Loads a dump into a Redis of its own that nobody reaches, in a folder, and says what is in it. On the standard input comes a
# number, as many lines with the ids of messages, of which it says which have been handled, and the dump.
# With "keep" the folder becomes the data of a Redis that keeps an append-only file: such a Redis takes no notice of a dump,
# so the file is written out of the loaded data, and what is said is what is there when that has been read again.
set -eu

folder=$1
keep=${2:-}
socket=/tmp/load.sock
log=/tmp/load.log

cli() { redis-cli -s "$socket" --raw "$@"; }

# start FLAGS...: returns when everything is loaded.
start() {
  redis-server /catga/redis.conf --maxmemory 0 --port 0 --unixsocket "$socket" --dir "$folder" --min-replicas-to-write 0 "$@" >"$log" 2>&1 &
  until cli PING 2>/dev/null | grep -q PONG; do
    if ! kill -0 $! 2>/dev/null; then
      cat "$log" >&2
      exit 1
    fi
    sleep 0.1
  done
}

info() { cli INFO "$1" | tr -d '\r' | awk -F: -v name="$2" '$1 == name { print $2 }'; }

mkdir -p "$folder"
if [ -n "$(ls -A "$folder")" ]; then
  echo "$folder is not empty" >&2
  exit 1
fi
# The shell's read takes no more than a line from a pipe.
read -r questions
while [ "$questions" -gt 0 ]; do
  read -r id
  printf '%s\n' "$id"
  questions=$((questions - 1))
done >/tmp/causes
cat >"$folder/dump.rdb"
start --appendonly no
echo "loaded $(($(info persistence rdb_last_load_keys_loaded) + $(info persistence rdb_last_load_keys_expired)))"

if [ "$keep" = keep ]; then
  cli CONFIG SET appendonly yes >/dev/null
  until [ "$(info persistence aof_enabled)" = 1 ] && [ "$(info persistence aof_rewrite_scheduled)" = 0 ] &&
    [ "$(info persistence aof_rewrite_in_progress)" = 0 ]; do
    sleep 0.1
  done
  if [ "$(info persistence aof_last_bgrewrite_status)" != ok ]; then
    cat "$log" >&2
    exit 1
  fi
  cli SHUTDOWN NOSAVE >/dev/null 2>&1 || true
  wait
  rm "$folder/dump.rdb"
  start --appendonly yes
fi

# Answers an error in words, with which redis-cli does not fail.
cli EVAL "$(cat /catga/fingerprint.lua)" 0
if [ "$keep" != keep ]; then
  cli -x SET load-dump:causes </tmp/causes >/dev/null
  cli EVAL "$(cat /catga/known-causes.lua)" 1 load-dump:causes
fi
cli SHUTDOWN NOSAVE >/dev/null 2>&1 || true
wait
