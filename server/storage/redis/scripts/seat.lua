-- KEYS sorted set of `member|instance` by the end of the lease; ARGV member, instance, how many may have one, lease in ms.
local set = KEYS[1]
local member, instance, max, lease_ms = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
redis.call('ZREMRANGEBYSCORE', set, '-inf', now)
-- A member may be at two instances for a while, and is one: counted only when it could matter.
if redis.call('ZCARD', set) >= max then
  local seen, count = {}, 0
  for _, entry in ipairs(redis.call('ZRANGE', set, 0, -1)) do
    local of = string.match(entry, '^[^|]*')
    if not seen[of] then
      seen[of] = true
      count = count + 1
    end
  end
  if not seen[member] and count >= max then return { now, 'full' } end
end
redis.call('ZADD', set, now + lease_ms, member .. '|' .. instance)
redis.call('PEXPIRE', set, lease_ms)
return { now, 'ok' }
