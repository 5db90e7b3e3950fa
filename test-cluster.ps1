#requires -Version 7
# Posts orders through the load balancer and shows who did the work: the twin of test-cluster.sh for PowerShell 7.
param([int] $Orders = 300, [int] $Clients = 16)
$ErrorActionPreference = 'Stop'
$edge = 'http://127.0.0.1:8080'

$started = Get-Date
$results = 1..$Orders | ForEach-Object -ThrottleLimit $Clients -Parallel {
  $body = '{"customerId":"test-cluster","items":[{"productId":"p","quantity":2,"price":100}]}'
  $time = [Diagnostics.Stopwatch]::StartNew()
  $answer = Invoke-WebRequest -Method Post -Uri "$using:edge/api/orders" -ContentType 'application/json' -Body $body -SkipHttpErrorCheck -TimeoutSec 15
  [pscustomobject]@{
    Status = [int] $answer.StatusCode; Ms = $time.Elapsed.TotalMilliseconds; OrderId = ($answer.Content | ConvertFrom-Json).orderId
    ServedBy = "$($answer.Headers['X-Served-By'])"; HandledBy = "$($answer.Headers['X-Handled-By'])"
  }
}
$elapsed = ((Get-Date) - $started).TotalSeconds
$accepted = @($results | Where-Object Status -eq 201)
$times = @($results.Ms | Sort-Object)
function Get-Percentile([double] $p) { $times[[Math]::Max(0, [Math]::Ceiling($times.Count * $p) - 1)] }

'{0} of {1} orders accepted in {2:N1} s: {3:N0} orders/s' -f $accepted.Count, $Orders, $elapsed, ($accepted.Count / $elapsed)
'latency: P50 {0:N1} ms   P95 {1:N1} ms   P99 {2:N1} ms' -f (Get-Percentile 0.5), (Get-Percentile 0.95), (Get-Percentile 0.99)
$accepted | Group-Object ServedBy | Sort-Object Name | ForEach-Object { '  {0,-34} {1,6}' -f $_.Name, $_.Count }
$accepted | Group-Object HandledBy | Sort-Object Name | ForEach-Object { '  {0,-34} {1,6}' -f $_.Name, $_.Count }

$open = @($accepted.OrderId | Sort-Object -Unique)
$distinct = $open.Count
$events = @{}
$deadline = (Get-Date).AddSeconds(30)
while ($open.Count -gt 0 -and (Get-Date) -lt $deadline) {
  $open = @($open | Where-Object {
      $seen = @((Invoke-RestMethod -Uri "$edge/api/notifications?orderId=$_").notifications.instance | Sort-Object -Unique)
      if ($seen.Count -ge 2) { foreach ($instance in $seen) { $events[$instance]++ } }
      $seen.Count -lt 2
    })
}
$events.GetEnumerator() | Sort-Object Name | ForEach-Object { '  {0,-34} {1,6} events' -f $_.Name, $_.Value }

if ($accepted.Count -ne $Orders -or $distinct -ne $Orders -or $open.Count -gt 0) {
  Write-Error "not 100 %: $($accepted.Count) of $Orders accepted, $distinct distinct orders, $($open.Count) without all their events"
  exit 1
}
'100 %'
