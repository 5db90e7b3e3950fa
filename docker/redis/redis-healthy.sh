#!/bin/sh
# Healthy: a master that takes writes, or a replica that follows its master.
redis-cli -t 2 INFO replication | tr -d '\r' | awk -F: '
  $1 == "role" { role = $2 }
  $1 == "master_link_status" { link = $2 }
  END { exit !(role == "master" || (role == "slave" && link == "up")) }'
