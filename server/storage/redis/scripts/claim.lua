-- KEYS pulse, then due and leases of each partition; ARGV instance, limit, visibility in ms, lease in ms.
-- The sessions it looks at are named after their partition's due set: '…:due' and '…:s:<id>' share a slot.
local instance, limit = ARGV[2], tonumber(ARGV[3])
local again_at, lease_ms = now + tonumber(ARGV[4]), tonumber(ARGV[5])

-- Nobody asked for a while: this server was away, and owners that are alive had no chance to renew.
local pulse = redis.call('HMGET', KEYS[1], 'at', 'graceUntil')
local grace_until = tonumber(pulse[2] or 0)
if now - (pulse[1] or 0) >= lease_ms / 2 then
  grace_until = now + lease_ms
  redis.call('HSET', KEYS[1], 'at', now, 'graceUntil', grace_until)
else
  redis.call('HSET', KEYS[1], 'at', now)
end
local in_grace = now < grace_until

local claimed, given = {}, {}

-- One look at the first entries of each partition. Their order over all partitions is certain up to the first place
-- where a partition had more; answers whether it was certain to the end.
local function claim(most)
  local found, certain_until = {}, now
  local function look(set, partition, orphaned)
    local entries = redis.call('ZRANGEBYSCORE', set, '-inf', now, 'WITHSCORES', 'LIMIT', 0, most)
    for i = 1, #entries, 2 do
      found[#found + 1] = { entries[i], tonumber(entries[i + 1]), partition, orphaned }
    end
    if #entries == 2 * most then certain_until = math.min(certain_until, found[#found][2]) end
  end
  for due = 2, #KEYS, 2 do
    if not in_grace then look(KEYS[due + 1], due, true) end
    look(KEYS[due], due, false)
  end
  -- At the same moment the orphaned first: whoever sets it right minds its deadline, too.
  table.sort(found, function(a, b)
    if a[2] ~= b[2] then return a[2] < b[2] end
    return a[4] and not b[4]
  end)
  for _, entry in ipairs(found) do
    local id, partition, orphaned = entry[1], entry[3], entry[4]
    if #claimed >= 2 * limit or entry[2] > certain_until then break end
    local due, leases = KEYS[partition], KEYS[partition + 1]
    local session = string.sub(due, 1, -4) .. 's:' .. id
    local stored = redis.call('HMGET', session, 'version', 'owner', 'leaseUntil')
    local valid = stored[2] and (in_grace or tonumber(stored[3]) > now)
    if not stored[1] then
      redis.call('ZREM', due, id)
      redis.call('ZREM', leases, id)
    elseif not given[id] and (orphaned or not valid or stored[2] == instance) then
      given[id] = true
      redis.call('ZADD', orphaned and leases or due, again_at, id)
      claimed[#claimed + 1] = id
      claimed[#claimed + 1] = orphaned and 1 or 0
    end
  end
  return certain_until == now
end

-- A short look does nearly always, and keeps Redis for a tenth of the time when very many are due. The long one looks
-- past sessions that others hold: they stay in the list until their holders claim them.
if not claim(8) and #claimed < 2 * limit then claim(16 + math.ceil(limit / 2)) end
return { now, 'ok', claimed }
