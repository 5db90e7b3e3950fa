#!lua flags=no-writes
-- What is in this Redis: how many keys, how many of them are kept for good, how many orders, how many events in the outbox,
-- and a digest over names and values of what is kept for good. Keys that go after a time are left out of it: some will have
-- gone when it is compared. In the order of their names, as every Redis has its own order of keys.
local lasting, seen, cursor = {}, {}, '0'
repeat
  local page = redis.call('SCAN', cursor, 'COUNT', 1000)
  cursor = page[1]
  for _, key in ipairs(page[2]) do
    -- SCAN may name a key twice
    if not seen[key] and redis.call('PTTL', key) == -1 then
      seen[key] = true
      lasting[#lasting + 1] = key
    end
  end
until cursor == '0'
table.sort(lasting)

local read = {
  string = function(key) return redis.call('GET', key) end,
  zset = function(key) return cmsgpack.pack(redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')) end,
  stream = function(key) return cmsgpack.pack(redis.call('XRANGE', key, '-', '+')) end,
}
local digest = ''
for _, key in ipairs(lasting) do
  local kind = redis.call('TYPE', key).ok
  if not read[kind] then return redis.error_reply('nobody knows how to read ' .. key .. ', a ' .. kind) end
  digest = redis.sha1hex(digest .. #key .. ':' .. key .. read[kind](key))
end

return {
  'keys ' .. redis.call('DBSIZE'), 'lasting ' .. #lasting,
  'orders ' .. redis.call('ZCARD', 'catga:index:orders'), 'outbox ' .. redis.call('XLEN', 'catga:outbox'),
  'digest ' .. digest,
}
