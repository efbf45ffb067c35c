-- KEYS session, leases; ARGV id, instance, lease in ms, operation id: sent again, it does not raise the epoch again.
local session, leases = unpack(KEYS)
local id, instance, lease_ms, operation = ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local taken = redis.call('HMGET', session, 'version', 'taken')
if not taken[1] then return { now, 'missing' } end
if taken[2] ~= operation then
  redis.call('HINCRBY', session, 'epoch', 1)
  redis.call('HSET', session, 'owner', instance, 'leaseUntil', now + lease_ms, 'taken', operation)
  redis.call('ZADD', leases, now + lease_ms, id)
end
return { now, 'ok', redis.call('HGETALL', session) }
