-- KEYS session; ARGV lease in ms.
local stored = redis.call('HMGET', KEYS[1], 'owner', 'leaseUntil')
local holds = stored[1] and stored[2] + tonumber(ARGV[2]) > now
return { now, 'ok', holds and stored[1] or '' }
