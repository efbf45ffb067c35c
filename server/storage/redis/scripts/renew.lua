-- KEYS a session and its partition's leases, for each; ARGV instance, lease in ms, then id and epoch of each.
-- Answers with the place of each that is lost, and its owner.
local instance, until_ms = ARGV[2], now + tonumber(ARGV[3])
local lost = {}
for i = 1, #KEYS / 2 do
  local session, leases = KEYS[2 * i - 1], KEYS[2 * i]
  local id, epoch = ARGV[2 * i + 2], ARGV[2 * i + 3]
  local stored = redis.call('HMGET', session, 'epoch', 'owner')
  if stored[1] == epoch and stored[2] == instance then
    redis.call('HSET', session, 'leaseUntil', until_ms)
    redis.call('ZADD', leases, until_ms, id)
  else
    lost[#lost + 1] = i - 1
    lost[#lost + 1] = stored[2] or ''
  end
end
return { now, 'ok', lost }
