#!/bin/sh
# make-secrets.sh FOLDER: makes the passwords of the cluster's users, one to a file, where there are none yet; with TLS=on also
# certificates for NATS and Redis. For any POSIX shell: where the host has none, a container runs it.
set -eu

cd "$1"

# make NAME: 192 random bits, in letters and digits that need no quoting anywhere.
make() {
  [ ! -s "$1" ] || return 0
  head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$1.new"
  # Read by containers, whose users are others than this one; on the host, nobody else gets into the folder.
  chmod 644 "$1.new"
  mv "$1.new" "$1"
}

for user in order-api order-service notification-service operator routes gateways; do make "nats-$user"; done
for user in order-api order-service notification-service operator exporter replica sentinel; do make "redis-$user"; done

# For every name by which somebody connects. The authority's key is thrown away: for another certificate there is another
# authority.
make_certificates() {
  names=DNS:localhost,IP:127.0.0.1
  for node in 1 2 3; do names=$names,DNS:nats-$node,DNS:redis-$node,DNS:sentinel-$node; done
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 -subj "/CN=Catga order cluster" \
    -keyout ca.key -out ca.new
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=cluster" -keyout server.key -out server.csr
  printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth\n' "$names" >server.ext
  openssl x509 -req -in server.csr -CA ca.new -CAkey ca.key -CAcreateserial -days 825 -extfile server.ext -out server.pem
  rm -f ca.key ca.srl ca.new.srl server.csr server.ext
  chmod 644 server.key server.pem ca.new
  mv ca.new ca.pem
}

# The files are there in any case, as the containers have them mounted; without TLS they are empty.
scheme=redis
if [ "${TLS:-}" = on ]; then
  scheme=rediss
  if [ ! -s ca.pem ] || ! openssl x509 -noout -checkend 604800 -in server.pem >/dev/null; then make_certificates >make-certificates.log 2>&1; fi
else
  for file in ca.pem server.pem server.key; do : >"$file" && chmod 644 "$file"; done
fi

# As the exporter wants to have it: a password to an address.
{
  separator='{'
  for address in redis-1:6379 redis-2:6379 redis-3:6379 sentinel-1:26379 sentinel-2:26379 sentinel-3:26379; do
    printf '%s"%s://exporter@%s": "%s"' "$separator" "$scheme" "$address" "$(cat redis-exporter)"
    separator=', '
  done
  printf '}\n'
} >exporter.json
chmod 644 exporter.json
