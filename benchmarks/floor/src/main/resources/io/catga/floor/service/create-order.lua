-- Stores an order, its place in the indexes, the record of its idempotency key and its event, all or nothing.
--
-- KEYS  record of the key, order, index of all, index of the customer, outbox
-- ARGV  fingerprint of the request (32 bytes), order id, order, lifetime of the record in ms, event id, event
local known = redis.call('GET', KEYS[1])
if known then
  if string.sub(known, 1, 32) == ARGV[1] then
    return {'REPLAYED', string.sub(known, 33, 68), string.sub(known, 69)}
  end
  return {'MISMATCH'}
end
redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2] .. ARGV[3], 'PX', ARGV[4])
redis.call('SET', KEYS[2], ARGV[3])
redis.call('ZADD', KEYS[3], 0, ARGV[2])
redis.call('ZADD', KEYS[4], 0, ARGV[2])
redis.call('XADD', KEYS[5], '*', 'id', ARGV[5], 'event', ARGV[6])
return {'CREATED'}
