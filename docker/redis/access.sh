#!/bin/sh
# access.sh redis|sentinel PORT: prints who may do what on a data node, or on a Sentinel, as lines of its configuration, and how
# it listens. What is not listed is refused. Every client says HELLO, and Lettuce tells its name and version.
set -eu

# user NAME RULES...
user() {
  name=$1
  shift
  printf 'user %s on >%s resetkeys resetchannels -@all +hello +client|setinfo +client|setname +ping %s\n' \
    "$name" "$(cat "/run/secrets/redis-$name")" "$*"
}

# What every application does: it looks who is master, and keeps the script of a step there.
looks='+role +script|load'
# A step is one script, and a script may only do what its caller may; then comes the replicas' acknowledgement.
steps='+evalsha +incr +wait +get +mget +set +zadd +persist +pexpire +zremrangebyrank +zrevrangebylex'

case $1 in
  redis)
    # Nobody can be this user, but it may do everything: a Redis that reads its append-only file at the start does what is in
    # it as this user, and passes over what that may not do. Every transaction was lost so, which every step is.
    echo 'user default off resetpass ~* &* +@all'
    # Backups, the doctor, drills and the health check.
    user operator '~*' '&*' +@all
    user order-api "$looks"
    user order-service "$looks" "$steps" \
      '~catga:done:*' '~catga:state:order:*' '~catga:state:order-change:*' '~catga:state:order-of-message:*' \
      '~catga:index:orders' '~catga:index:orders-of:*' '~catga:index:orders-of-trace:*' '~catga:fence' \
      '~catga:outbox' +xadd +xreadgroup +xautoclaim +xack +xdel '+xgroup|create' +xlen +xrange
    user notification-service "$looks" "$steps" \
      '~catga:done:*' '~catga:state:notification:*' '~catga:index:notifications-of:*' '~catga:fence'
    # Not CONFIG GET, which tells passwords.
    user exporter +info '+slowlog|get' '+slowlog|len' '+latency|latest'
    user replica +psync +replconf
    # As in the documentation of Sentinel.
    user sentinel '&*' +multi +exec +slaveof +subscribe '+config|rewrite' +role +publish +info '+client|kill' '+script|kill'
    printf 'masteruser replica\nmasterauth %s\n' "$(cat /run/secrets/redis-replica)"
    ;;
  sentinel)
    echo 'user default off'
    user operator '~*' '&*' +@all
    for application in order-api order-service notification-service; do
      user "$application" '+sentinel|get-master-addr-by-name' '+sentinel|replicas'
    done
    user exporter +info '+sentinel|masters' '+sentinel|master' '+sentinel|replicas' '+sentinel|slaves' '+sentinel|sentinels' '+sentinel|ckquorum'
    # The others of them.
    user sentinel '&*' +publish '+sentinel|is-master-down-by-addr'
    password=$(cat /run/secrets/redis-sentinel)
    printf 'sentinel auth-user mymaster sentinel\nsentinel auth-pass mymaster %s\n' "$password"
    printf 'sentinel sentinel-user sentinel\nsentinel sentinel-pass %s\n' "$password"
    ;;
esac

if [ "${TLS:-}" = on ]; then
  printf 'port 0\ntls-port %s\n' "$2"
  printf 'tls-cert-file /run/secrets/server.pem\ntls-key-file /run/secrets/server.key\ntls-ca-cert-file /run/secrets/ca.pem\n'
  # Clients have passwords.
  printf 'tls-auth-clients no\ntls-replication yes\n'
else
  printf 'port %s\n' "$2"
fi
