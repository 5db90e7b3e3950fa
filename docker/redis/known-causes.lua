#!lua flags=no-writes
-- Which of the messages that a value names, one on each line, have been handled, by their idempotency records.
local wanted = {}
for id in string.gmatch(redis.call('GET', KEYS[1]), '[^\n]+') do wanted[id] = true end

local known, cursor = {}, '0'
repeat
  local page = redis.call('SCAN', cursor, 'MATCH', 'catga:done:*', 'COUNT', 1000)
  cursor = page[1]
  for _, key in ipairs(page[2]) do
    local length, rest = string.match(key, '^catga:done:(%d+):(.*)$')
    local id = string.sub(rest, tonumber(length) + 2)
    if wanted[id] then
      wanted[id] = nil
      known[#known + 1] = 'known ' .. id
    end
  end
until cursor == '0'
return known
