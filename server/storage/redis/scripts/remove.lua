-- KEYS session, events, messages, operations, due, leases, outbox, refused; ARGV id. Nothing of it stays, not even what
-- waits for the archive; an entry that an instance has taken already finds the session deleted there.
local id = ARGV[2]
for i = 1, 4 do redis.call('DEL', KEYS[i]) end
redis.call('ZREM', KEYS[5], id)
redis.call('ZREM', KEYS[6], id)
for _, entry in ipairs(redis.call('XRANGE', KEYS[7], '-', '+')) do
  if entry[2][2] == id then redis.call('XDEL', KEYS[7], entry[1]) end
end
for _, entry in ipairs(redis.call('XRANGE', KEYS[8], '-', '+')) do
  for i = 1, #entry[2], 2 do
    if entry[2][i] == 's' and entry[2][i + 1] == id then redis.call('XDEL', KEYS[8], entry[1]) end
  end
end
return { now, 'ok' }
