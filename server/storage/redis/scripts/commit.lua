-- KEYS session, events, messages, operations, due, outbox; ARGV id, epoch, expected version, operation id, state, dueAt,
-- events kept, operations kept, turns for the archive, number of events, the events, then id, text and '1' (it is off the record) or '' of each
-- message.
local session, events, messages, operations, due, outbox = unpack(KEYS)
local id, epoch, expected, operation, state, due_at = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local max_events, max_operations, turns, event_count = tonumber(ARGV[8]), tonumber(ARGV[9]), ARGV[10], tonumber(ARGV[11])
local first_event = 12

local stored = redis.call('HMGET', session, 'version', 'epoch', 'seq')
if not stored[1] then return { now, 'missing' } end
local answer = redis.call('HGET', operations, operation)
if answer then return { now, 'ok', answer } end
if epoch ~= '' and epoch ~= stored[2] then return { now, 'fenced' } end
if expected ~= stored[1] then return { now, 'conflict', redis.call('HGETALL', session) } end

local version, seq = stored[1] + 1, tonumber(stored[3])
for i = 1, event_count do
  redis.call('XADD', events, 'MAXLEN', max_events, seq + i .. '-0', 'e', ARGV[first_event + i - 1])
end
local entry = { 's', id, 'v', version, 't', turns }
local count = redis.call('HLEN', messages)
-- What is off the record has a place in the session, and none in the archive, which counts without it.
local off_record = tonumber(redis.call('HGET', session, 'offRecord') or 0)
for i = first_event + event_count, #ARGV, 3 do
  if redis.call('HSETNX', messages, ARGV[i], count .. ':' .. ARGV[i + 1]) == 1 then
    if ARGV[i + 2] == '1' then
      off_record = redis.call('HINCRBY', session, 'offRecord', 1)
    else
      entry[#entry + 1] = 'm'
      entry[#entry + 1] = count - off_record .. ':' .. ARGV[i + 1]
    end
    count = count + 1
  end
end
redis.call('HSET', session, 'version', version, 'seq', seq + event_count, 'updatedAt', now, 'state', state)
if due_at == '' then redis.call('ZREM', due, id) else redis.call('ZADD', due, due_at, id) end

-- The last operations and their answers, in a ring: a small hash costs a tenth of as many keys.
answer = version .. ':' .. now .. ':' .. seq
local slot = '#' .. version % max_operations
local oldest = redis.call('HGET', operations, slot)
if oldest then redis.call('HDEL', operations, oldest) end
redis.call('HSET', operations, slot, operation, operation, answer)

if event_count > 0 or first_event + event_count <= #ARGV then redis.call('XADD', outbox, '*', unpack(entry)) end
return { now, 'ok', answer }
