-- KEYS the outbox of each entry; ARGV group, then the id of each entry. What the archive has leaves the outbox.
for i, outbox in ipairs(KEYS) do
  redis.call('XACK', outbox, ARGV[2], ARGV[i + 2])
  redis.call('XDEL', outbox, ARGV[i + 2])
end
return { now, 'ok' }
