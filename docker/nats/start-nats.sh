#!/bin/sh
# start-nats.sh [FILE]: starts a NATS server with nats.conf, or another configuration that includes it. What is secret in it
# comes from files that exist in memory only; with TLS=on, connections are encrypted.
set -eu

umask 077
for user in order-api order-service notification-service operator; do
  printf 'PASSWORD_%s: "%s"\n' "$(printf '%s' "$user" | tr a-z- A-Z_)" "$(cat "/run/secrets/nats-$user")"
done >/tmp/passwords.conf

# urls USER PORT HOST...: with the password, as a list. A variable stands for a whole value only.
urls() {
  user=$1 port=$2 separator=
  shift 2
  for host in "$@"; do
    printf '%s"nats://%s:%s@%s:%s"' "$separator" "$user" "$(cat "/run/secrets/nats-$user")" "$host" "$port"
    separator=', '
  done
}

{
  printf 'PASSWORD_ROUTES: "%s"\n' "$(cat /run/secrets/nats-routes)"
  # All three, this one included: the list is the same everywhere, and a node ignores the route to itself.
  # shellcheck disable=SC2086  # a list of hosts
  printf 'ROUTE_URLS: [%s]\n' "$(urls routes 6222 ${ROUTES:-nats-1 nats-2 nats-3})"
  if [ -n "${SITES:-}" ]; then
    printf 'PASSWORD_GATEWAYS: "%s"\n' "$(cat /run/secrets/nats-gateways)"
    printf 'GATEWAY_URLS: [{ name: arbiter, urls: [%s] }' "$(urls gateways 7222 arbiter)"
    for site in $SITES; do
      printf ', { name: %s, urls: [%s] }' "$site" "$(urls gateways 7222 "$site-nats-1" "$site-nats-2" "$site-nats-3")"
    done
    printf ']\n'
  fi
} >/tmp/servers.conf

# With several data centres, subjects and streams have the name of each in them; an application may be in one, and work for
# another.
awk -v sites="${SITES:-}" '
  BEGIN { number = split(sites, site, " ") }
  {
    done = ""
    left = $0
    while (number > 0 && match(left, /"[^"]*"/)) {
      subject = substr(left, RSTART, RLENGTH)
      done = done substr(left, 1, RSTART - 1)
      left = substr(left, RSTART + RLENGTH)
      if (subject !~ /catga\.|CATGA_/) {
        done = done subject
        continue
      }
      for (i = 1; i <= number; i++) {
        there = subject
        sub(/catga\./, "catga." site[i] ".", there)
        gsub(/CATGA_(EVENTS|DEAD_LETTERS)/, "&_" site[i], there)
        done = done (i > 1 ? ", " : "") there
      }
    }
    print done left
  }' /catga/users.conf >/tmp/users.conf

# A client is known by its password, another server by its certificate, too.
: >/tmp/tls.conf
: >/tmp/routes-tls.conf
if [ "${TLS:-}" = on ]; then
  files='cert_file: "/run/secrets/server.pem", key_file: "/run/secrets/server.key"'
  echo "tls { $files }" >/tmp/tls.conf
  echo "tls { $files, ca_file: \"/run/secrets/ca.pem\", verify: true }" >/tmp/routes-tls.conf
fi
exec nats-server -c "/catga/${1:-nats.conf}"
