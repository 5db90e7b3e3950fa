# Stops the order cluster and keeps its data; -Data removes that too. The twin of stop-cluster.sh for PowerShell.
param([switch] $Data)
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
if ($Data) { docker compose -f docker-compose.apps.yml down --volumes } else { docker compose -f docker-compose.apps.yml down }
exit $LASTEXITCODE
