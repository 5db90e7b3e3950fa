#!/bin/sh
# make-secrets.sh: prints a Secret with a fresh password for each user of NATS and Redis, and writes nothing to any disk:
#   sh kubernetes/make-secrets.sh | kubectl create -f -
# "create", for those that are there stay as they are; "apply" would also note the password beside the Secret.
set -eu

# secret NAME: 192 random bits, as docker/make-secrets.sh makes them. Immutable, so that no file changes below a pod that runs:
# its probes would come with a password that its server has not read. No here-document: some shells put it into a file.
secret() {
  password=$(head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
  if [ "${#password}" != 48 ]; then
    echo "no password for $1: /dev/urandom gives too little; when it can be read, run this again, which makes what is missing" >&2
    exit 1
  fi
  printf -- '---\napiVersion: v1\nkind: Secret\n'
  printf 'metadata:\n  name: %s\n  namespace: catga\n  labels: { app.kubernetes.io/part-of: catga }\n' "$1"
  printf 'immutable: true\nstringData: { password: "%s" }\n' "$password"
}

for user in order-api order-service notification-service operator routes; do secret "nats-$user"; done
for user in order-api order-service notification-service operator exporter replica sentinel; do secret "redis-$user"; done
