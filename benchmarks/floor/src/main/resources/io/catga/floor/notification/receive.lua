-- Keeps that an instance has received an event, unless it is known.
--
-- KEYS  notification, index of the order
-- ARGV  notification, its member of the index, lifetime in ms
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[3]) then
  return {'KNOWN'}
end
redis.call('ZADD', KEYS[2], 0, ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return {'RECEIVED'}
