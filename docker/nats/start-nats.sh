#!/bin/sh
# Starts a NATS server. Its configuration reads the passwords from files of variables, which exist in memory only; with
# TLS=on, connections are encrypted.
set -eu

umask 077
for user in order-api order-service notification-service operator; do
  printf 'PASSWORD_%s: "%s"\n' "$(printf '%s' "$user" | tr a-z- A-Z_)" "$(cat "/run/secrets/nats-$user")"
done >/tmp/passwords.conf
routes=$(cat /run/secrets/nats-routes)
{
  printf 'PASSWORD_ROUTES: "%s"\n' "$routes"
  # A variable stands for a whole text only.
  for node in 1 2 3; do printf 'ROUTE_%s: "nats://routes:%s@nats-%s:6222"\n' "$node" "$routes" "$node"; done
} >/tmp/routes.conf
# A client is known by its password, another server by its certificate, too.
: >/tmp/tls.conf
: >/tmp/routes-tls.conf
if [ "${TLS:-}" = on ]; then
  files='cert_file: "/run/secrets/server.pem", key_file: "/run/secrets/server.key"'
  echo "tls { $files }" >/tmp/tls.conf
  echo "tls { $files, ca_file: \"/run/secrets/ca.pem\", verify: true }" >/tmp/routes-tls.conf
fi
exec nats-server -c /catga/nats.conf
