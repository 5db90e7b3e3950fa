-- One atomic step: see io.catga.store.AtomicStep. Everything is checked before anything is written, because a script that
-- fails half-way is not rolled back.
--
-- KEYS  the record of the idempotency key, then those of the expectations and of the writes, in order, and where there are
--       events the outbox. Redis asks whether the user may read and write each key that is named, so none is named in vain
-- ARGV  fingerprint, token of this step, result, retention in ms,
--       number of expectations, for each: whether something must be there (1 or 0), and what
--       number of writes, for each: P (put) or A (add to index), value or member, lifetime in ms (0: for ever), and for A
--       the most members that the index keeps (0: all)
--       number of events, for each: number of fields and values, and those
local known = redis.call('GET', KEYS[1])
if known then
  -- fingerprint, token and result, the first two with their lengths in front
  local function part(from)
    local colon = string.find(known, ':', from, true)
    local after = colon + tonumber(string.sub(known, from, colon - 1)) + 1
    return string.sub(known, colon + 1, after - 1), after
  end
  local fingerprint, afterFingerprint = part(1)
  local token, afterToken = part(afterFingerprint)
  if token == ARGV[2] then
    return {'DONE'}
  end
  if fingerprint == ARGV[1] then
    return {'KNOWN', string.sub(known, afterToken)}
  end
  return {'MISMATCH'}
end

local key = 1
local arg = 4
local function nextKey()
  key = key + 1
  return KEYS[key]
end
local function nextArg()
  arg = arg + 1
  return ARGV[arg]
end

for position = 1, tonumber(nextArg()) do
  local there = redis.call('GET', nextKey())
  local expected = nextArg() == '1'
  local value = nextArg()
  if (expected and there ~= value) or (not expected and there) then
    return {'CONFLICT', tostring(position)}
  end
end

redis.call('SET', KEYS[1], #ARGV[1] .. ':' .. ARGV[1] .. #ARGV[2] .. ':' .. ARGV[2] .. ARGV[3], 'PX', ARGV[4])

for _ = 1, tonumber(nextArg()) do
  local where = nextKey()
  local kind = nextArg()
  local what = nextArg()
  local lifetime = nextArg()
  if kind == 'P' then
    if lifetime == '0' then
      redis.call('SET', where, what)
    else
      redis.call('SET', where, what, 'PX', lifetime)
    end
  else
    redis.call('ZADD', where, 0, what)
    if lifetime == '0' then
      redis.call('PERSIST', where)
    else
      redis.call('PEXPIRE', where, lifetime)
    end
    local most = tonumber(nextArg())
    if most > 0 then
      redis.call('ZREMRANGEBYRANK', where, 0, -most - 1)
    end
  end
end

for _ = 1, tonumber(nextArg()) do
  local fields = {}
  for i = 1, tonumber(nextArg()) do
    fields[i] = nextArg()
  end
  redis.call('XADD', KEYS[#KEYS], '*', unpack(fields))
end

return {'DONE'}
