-- KEYS session, leases; ARGV id, epoch.
if redis.call('HGET', KEYS[1], 'epoch') == ARGV[3] then
  redis.call('HDEL', KEYS[1], 'owner', 'leaseUntil')
  redis.call('ZREM', KEYS[2], ARGV[2])
end
return { now, 'ok' }
