-- Goes before every script. Time is this server's own. ARGV[1] is the moment by which the caller has given up: what
-- comes later changes nothing. Every answer starts with the time and a word.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local not_after = tonumber(ARGV[1])
if not_after > 0 and now > not_after then return { now, 'late' } end
