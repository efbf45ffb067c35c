-- KEYS session, due, outbox, messages; ARGV id, userId, createdAt, state, dueAt, epoch, version, seq, updatedAt, then id
-- and text of each message so far.
-- One that is there already stays as it is: this is the same call again, or another instance was quicker.
local id, due_at = ARGV[2], ARGV[6]
if redis.call('EXISTS', KEYS[1]) == 1 then return { now, 'known' } end
redis.call('HSET', KEYS[1], 'userId', ARGV[3], 'createdAt', ARGV[4], 'state', ARGV[5], 'epoch', ARGV[7],
  'version', ARGV[8], 'seq', ARGV[9], 'updatedAt', ARGV[10])
if due_at ~= '' then redis.call('ZADD', KEYS[2], due_at, id) end
redis.call('XADD', KEYS[3], '*', 's', id, 'v', ARGV[8])
for i = 11, #ARGV, 2 do
  redis.call('HSET', KEYS[4], ARGV[i], (i - 11) / 2 .. ':' .. ARGV[i + 1])
end
return { now, 'ok' }
