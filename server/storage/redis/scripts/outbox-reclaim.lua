-- KEYS the outbox of each partition; ARGV group, consumer, idle ms, most entries of one partition.
-- Entries that a consumer took and did not acknowledge for that long, now this consumer's: place of the outbox, entries.
local found = {}
for place, outbox in ipairs(KEYS) do
  local taken = redis.call('XAUTOCLAIM', outbox, ARGV[2], ARGV[3], ARGV[4], '0', 'COUNT', ARGV[5])
  if #taken[2] > 0 then found[#found + 1] = { place - 1, taken[2] } end
end
return { now, 'ok', found }
