-- Give a lease back, and tell the circuits it went through what became of it.
-- KEYS: the domain's leases; then the circuits.
-- ARGV: now ('' is the server's clock), lease, reason, 1 where only time or a person can help;
--   then, for each circuit, what to do, seconds, longest seconds.
--   What to do: ok (it works), free (nothing is known), trip (shut it), count (shut it when
--   this happens often).
-- Returns for how long circuits were shut by this: one number for each, 0 for none.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] + time[2] / 1000000
end
local lease, reason, refuses = ARGV[2], ARGV[3], ARGV[4]
local OFTEN, WINDOW, REMEMBER = { provider = 5, model = 3 }, 60, 900

local function say(seconds) return string.format('%.6f', seconds) end

local function shut(key, c, seconds, longest)
  local last = tonumber(c.seconds)
  -- It was tried again, and again it failed.
  if last and c.probing then seconds = math.max(seconds, math.min(last * 2, longest)) end
  local till = now + seconds
  -- Shut for longer already: this call was under way when it happened.
  if not c.probing and till <= (tonumber(c.till) or 0) then return 0 end
  redis.call('HDEL', key, 'probe', 'probe_until', 'failures', 'since')
  redis.call('HSET', key, 'until', say(till), 'seconds', seconds, 'reason', reason, 'refuses', refuses)
  redis.call('PEXPIRE', key, math.ceil((till - now + REMEMBER) * 1000))
  -- Shut already, and a little longer now: nothing to tell anyone.
  if not c.probing and (tonumber(c.till) or 0) > now then return 0 end
  return seconds
end

local function count(key, c, seconds, longest, often)
  if c.probing then return shut(key, c, seconds, longest) end
  if c.till then return 0 end
  local failures = redis.call('HINCRBY', key, 'failures', 1)
  if failures == 1 then redis.call('EXPIRE', key, WINDOW) end
  if failures < often then return 0 end
  return shut(key, c, seconds, longest)
end

redis.call('ZREM', KEYS[1], lease)
local result = {}
for i = 2, #KEYS do
  local key, a = KEYS[i], 4 + (i - 2) * 3
  local what, seconds, longest = ARGV[a + 1], tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
  local found = redis.call('HMGET', key, 'until', 'seconds', 'probe')
  local c = { till = found[1], seconds = found[2], probing = found[3] == lease }
  local shut_for = 0
  if what == 'trip' then
    shut_for = shut(key, c, seconds, longest)
  elseif what == 'count' then
    shut_for = count(key, c, seconds, longest, i == 2 and OFTEN.provider or OFTEN.model)
  elseif what == 'ok' then
    -- An open circuit is closed by its probe, not by an answer from before it opened.
    if c.probing or not c.till then redis.call('DEL', key) end
  elseif c.probing then
    redis.call('HDEL', key, 'probe', 'probe_until')
  end
  result[i - 1] = say(shut_for)
end
return result
