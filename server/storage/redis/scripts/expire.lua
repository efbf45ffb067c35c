-- KEYS session, events, messages, operations, due; ARGV id, ms to keep. The archive has the session as it ended.
for i = 1, 4 do redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
redis.call('ZREM', KEYS[5], ARGV[2])
return { now, 'ok' }
