#!/usr/bin/env bash
# Measures what the running cluster can do, and what that costs. See usage below.
set -euo pipefail

# shellcheck source=docker/lib.sh
. "$(cd "$(dirname "$0")" && pwd)/docker/lib.sh"

usage() {
  cat <<'TEXT'
usage: ./bench.sh [--seconds S] [--rounds N] [--clients 8,32] [--rates 100,200] [--warm-up S] [--stored N] [--quota Q]
                  [--record] [--forget] [SCENARIO...]

Sends load through the load balancer at 127.0.0.1:8080, and says how much was answered, how soon, and how much processor time
it took. Without a name, all scenarios run, in about 40 minutes, in which the machine should do nothing else:

  generator  what the generator of the load takes itself
  closed     orders from so many clients that each wait for their answer
  rate       orders at fixed rates, of 25, 50 and 75 % of what 'closed' came to; times count from when each was due
  reads      one order by its id, and the orders of a customer
  events     from the answer until every notification-service instance has the event
  floor      the same orders for a program written by hand for just them, by turns (benchmarks/floor)
  stored     the cost of an order when a thousand are stored, and when a million are
  dying      an order-service is killed under load, and started again
  scaling    one and three instances, each application with the same small share of a processor
  starts     from start to ready: one application, all at once; and the memory of each under load

  --seconds  of each round (20)
  --rounds   of each load; medians are quoted, with the least and the most (3)
  --clients  of 'closed' (8,32,64,128); the other scenarios use the second
  --rates    orders a second for 'rate'
  --warm-up  seconds of load before anything is measured (60)
  --stored   how many orders are many (1000000)
  --quota    share of a processor for each application in 'scaling' (two fifths of all processors, by eight)
  --record   makes the results those of benchmarks/cluster and the README; otherwise they are in benchmarks/results
  --forget   removes all orders before each scenario; 'stored' then begins with a thousand

The cluster must be running (./start-cluster.sh). Interrupted, it puts back what it has changed. Needs a JDK 25.
TEXT
}

build() {
  local built=$ROOT/benchmarks/cluster/target/class-path
  if [ -f "$built" ] && [ -z "$(cd "$ROOT" && find pom.xml benchmarks/cluster/pom.xml benchmarks/cluster/src/main -type f -newer "$built")" ]; then
    return
  fi
  say "Building"
  (cd "$ROOT" && JAVA_HOME=$JDK ./mvnw -q -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true package -pl benchmarks/cluster) ||
    fail "the build failed" "its messages are above"
  touch "$built"
}

main() {
  local argument
  for argument in "$@"; do
    case $argument in -h | --help) usage && exit 0 ;; esac
  done
  require_jdk
  build
  cd "$ROOT"
  # In its place, so that an interrupt reaches it: it then puts back what it has changed.
  exec "$JDK/bin/java" -XX:+UseSerialGC -Xms128m -Xmx512m \
    -cp "$ROOT/benchmarks/cluster/target/classes:$(cat "$ROOT/benchmarks/cluster/target/class-path")" io.catga.bench.Main "$@"
}

main "$@"
