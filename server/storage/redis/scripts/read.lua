-- KEYS sessions. The fields of each as a flat list; none for one that is not there.
local found = {}
for i, session in ipairs(KEYS) do found[i] = redis.call('HGETALL', session) end
return { now, 'ok', found }
