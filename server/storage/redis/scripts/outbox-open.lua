-- KEYS the outbox of each partition; ARGV group, ms after which a consumer that has nothing is forgotten.
for _, outbox in ipairs(KEYS) do
  -- From the first entry on: what was written before there was a group counts as well. A group that exists is no error.
  redis.pcall('XGROUP', 'CREATE', outbox, ARGV[2], '0', 'MKSTREAM')
  for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', outbox, ARGV[2])) do
    local facts = {}
    for i = 1, #consumer, 2 do facts[consumer[i]] = consumer[i + 1] end
    if facts.pending == 0 and facts.idle > tonumber(ARGV[3]) then
      redis.call('XGROUP', 'DELCONSUMER', outbox, ARGV[2], facts.name)
    end
  end
end
return { now, 'ok' }
