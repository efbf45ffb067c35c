-- KEYS the outbox of each partition. How many entries wait, and since when the oldest one does ('' when none).
local waiting, oldest = 0, nil
for _, outbox in ipairs(KEYS) do
  waiting = waiting + redis.call('XLEN', outbox)
  local first = redis.call('XRANGE', outbox, '-', '+', 'COUNT', 1)[1]
  local at = first and tonumber(string.match(first[1], '^%d+'))
  if at and (not oldest or at < oldest) then oldest = at end
end
return { now, 'ok', waiting, oldest and now - oldest or '' }
