#!/bin/sh
# Healthy: a master that takes writes, as enough replicas follow it, or a replica that follows its master.
/catga/cli.sh -t 2 INFO | tr -d '\r' | awk -F: '
  $1 == "loading" { loading = $2 }
  $1 == "role" { role = $2 }
  $1 == "master_link_status" { link = $2 }
  $1 == "min_slaves_good_slaves" { replicas = $2 }
  END { exit !(loading == "0" && ((role == "master" && replicas >= 1) || (role == "slave" && link == "up"))) }'
