#!/bin/sh
# redis-cli as the operator, who may do everything. The password is in this process's environment, in no command line.
REDISCLI_AUTH=$(cat /run/secrets/redis-operator)
export REDISCLI_AUTH
[ "${TLS:-}" != on ] || set -- --tls --cacert /run/secrets/ca.pem "$@"
exec redis-cli --user operator "$@"
