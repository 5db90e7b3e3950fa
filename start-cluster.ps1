# Starts the order cluster: the twin of start-cluster.sh for PowerShell, with Docker Desktop running.
# Images come from the registry; without a JDK 25 here the applications are compiled in a container.
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$started = Get-Date
$files = '-f', 'docker-compose.apps.yml'
$order = '{"customerId":"c","items":[{"productId":"p","quantity":2,"price":100}]}'

function Assert-LastCommand([string] $what) {
  if ($LASTEXITCODE -ne 0) { throw $what }
}

docker version --format '{{.Server.Version}}'
Assert-LastCommand 'No Docker engine answers: start Docker Desktop, then run this script again.'
New-Item -ItemType Directory -Force '.cluster/secrets' | Out-Null
docker run --rm -v "${PSScriptRoot}/docker/make-secrets.sh:/make-secrets.sh:ro" -v "${PSScriptRoot}/.cluster/secrets:/secrets" --entrypoint sh redis:8.10.2-alpine /make-secrets.sh /secrets
Assert-LastCommand 'The passwords cannot be made: see the messages above.'
docker compose @files build order-api-1 order-service notification-service
Assert-LastCommand 'The applications do not build: see the messages above.'
docker compose @files up -d --wait --wait-timeout 240
Assert-LastCommand "The cluster did not become healthy: see 'docker compose -f docker-compose.apps.yml ps -a' and 'docker logs'."

$placed = Invoke-RestMethod -Method Post -Uri 'http://127.0.0.1:8080/api/orders' -ContentType 'application/json' -Body $order
$deadline = (Get-Date).AddSeconds(30)
do {
  Start-Sleep -Milliseconds 200
  $seen = (Invoke-RestMethod -Uri "http://127.0.0.1:8080/api/notifications?orderId=$($placed.orderId)").notifications.instance | Sort-Object -Unique
  if ((Get-Date) -gt $deadline) { throw "The event of order $($placed.orderId) did not reach both notification instances within 30 s." }
} until (@($seen).Count -ge 2)

Write-Output "Order $($placed.orderId) was placed, and both notification instances saw its event."
Write-Output 'Orders http://127.0.0.1:8080/api/orders   Prometheus http://127.0.0.1:9090   Grafana http://127.0.0.1:3000 (admin / admin)   Jaeger http://127.0.0.1:16686'
Write-Output ('Ready after {0:N1} s.' -f ((Get-Date) - $started).TotalSeconds)
