-- Reserve the earliest moment at which one of the candidates may be asked.
-- KEYS: the provider's circuit, the model's; then, for each candidate, the circuits of its
--   project, domain and key, and its domain's rate, tokens, leases and waiting processes.
-- ARGV: now ('' is the server's clock), lease, lease seconds, longest wait, tokens wanted,
--   today, seconds to midnight, process; then, for each candidate, interval, catch-up, window, tokens
--   per window, requests per day, concurrency.
-- Returns {'granted', wait, candidate, used today}, {'wait', seconds, reason} or {'refused', reason}.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] + time[2] / 1000000
end
local lease, lease_seconds, longest = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local wanted, today, midnight = tonumber(ARGV[5]), ARGV[6], tonumber(ARGV[7])
local process = ARGV[8]
local POLL, FIRST, WIDTH, ARGUMENTS, SIZE = 0.1, 2, 7, 8, 6
-- A process that did not ask for so long does not wait any more.
local PATIENCE = 1

local function say(seconds) return string.format('%.6f', seconds) end

-- What a circuit says: how long it stays shut, why, and whether nothing else can open it.
local seen, half_open = {}, {}
local function circuit(key)
  if seen[key] then return seen[key] end
  local state = { wait = 0 }
  local c = redis.call('HMGET', key, 'until', 'reason', 'refuses', 'probe_until')
  if c[1] then
    local wait, probing = c[1] - now, (tonumber(c[4]) or 0) - now
    if wait > 0 then
      state = { wait = wait, reason = c[2], refuses = c[3] == '1' }
    elseif probing > 0 then
      state = { wait = math.min(probing, POLL), reason = 'probing' }
    else
      half_open[key] = true
    end
  end
  seen[key] = state
  return state
end

-- When a domain has room for the tokens wanted, not before `at`; and what is forgotten then.
local function tokens_at(rate, log, window, limit, at)
  local gone, length = 0, redis.call('LLEN', log)
  local spent = length > 0 and tonumber(redis.call('HGET', rate, 'spent')) or 0
  local need = math.min(wanted, limit)
  -- Never before what is reserved already: the log is in order.
  if length > 0 then at = math.max(at, tonumber(string.match(redis.call('LINDEX', log, -1), '^(.+):'))) end
  while gone < length do
    local when, amount = string.match(redis.call('LINDEX', log, gone), '^(.+):(.+)$')
    local free_at = when + window
    if spent + need <= limit and free_at > at then break end
    at, spent, gone = math.max(at, free_at), spent - amount, gone + 1
  end
  return at, gone, spent + need, need
end

-- Whether the places that are free are for others: who holds many leases hears first when one
-- comes back, and would take it again before anybody else asks.
local function for_others(waiting, free)
  local ahead, mine = 0, tonumber(redis.call('HGET', waiting, process .. ':since') or math.huge)
  local found = redis.call('HGETALL', waiting)
  local at = {}
  for i = 1, #found, 2 do at[found[i]] = tonumber(found[i + 1]) end
  for name, seen in pairs(at) do
    local other = string.match(name, '^(.+):seen$')
    if other and seen < now - PATIENCE then
      redis.call('HDEL', waiting, name, other .. ':since')
    elseif other and other ~= process and (at[other .. ':since'] or now) < mine then
      ahead = ahead + 1
    end
  end
  return free <= ahead
end

local function wait_for(waiting)
  redis.call('HSETNX', waiting, process .. ':since', say(now))
  redis.call('HSET', waiting, process .. ':seen', say(now))
  redis.call('EXPIRE', waiting, 60)
end

local best, soonest, why, refusal = nil, math.huge, nil, nil
local function later(wait, reason)
  if wait < soonest then best, soonest, why = nil, wait, reason end
end

for i = 0, (#KEYS - FIRST) / WIDTH - 1 do
  local k, a = FIRST + i * WIDTH, ARGUMENTS + i * SIZE
  local wait, reason, refused = 0, nil, nil
  for _, key in ipairs({ KEYS[1], KEYS[2], KEYS[k + 1], KEYS[k + 2], KEYS[k + 3] }) do
    local state = circuit(key)
    if state.refuses then refused = state.reason end
    if state.wait > wait then wait, reason = state.wait, state.reason end
  end
  local rate, log, held = KEYS[k + 4], KEYS[k + 5], KEYS[k + 6]
  local interval, catch_up, window = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
  local tpm, rpd, concurrency = tonumber(ARGV[a + 4]), tonumber(ARGV[a + 5]), tonumber(ARGV[a + 6])
  if refused then
    refusal = refusal or refused
  elseif wait > 0 then
    later(wait, reason)
  else
    redis.call('ZREMRANGEBYSCORE', held, '-inf', now)
    local state = redis.call('HMGET', rate, 'next', 'day', 'used')
    local used = state[2] == today and tonumber(state[3]) or 0
    local waiting, free = KEYS[k + 7], concurrency - redis.call('ZCARD', held)
    if concurrency > 0 and (free <= 0 or for_others(waiting, free)) then
      wait_for(waiting)
      later(POLL, 'busy')
    elseif rpd > 0 and used >= rpd then
      later(midnight, 'quota_day')
    else
      local at = interval > 0 and math.max(now, tonumber(state[1]) or 0) or now
      local gone, spent, need = 0, 0, 0
      if tpm > 0 then at, gone, spent, need = tokens_at(rate, log, window, tpm, at) end
      if at - now > longest then
        later(at - now, 'quota_minute')
      elseif at - now < soonest then
        soonest, why = at - now, nil
        best = { i = i, k = k, at = at, used = used, gone = gone, spent = spent, need = need,
          interval = interval, catch_up = catch_up, window = window, tpm = tpm }
      end
    end
  end
end

if not best then
  if why then return { 'wait', say(soonest), why } end
  return { 'refused', refusal }
end

local k = best.k
local rate, log, held = KEYS[k + 4], KEYS[k + 5], KEYS[k + 6]
-- Late requests are followed at once by the next, up to what may be caught up.
local previous = tonumber(redis.call('HGET', rate, 'next') or 0)
local next_at = math.max(previous, best.at - best.catch_up) + best.interval
redis.call('HSET', rate, 'next', say(next_at), 'day', today, 'used', best.used + 1, 'spent', best.spent)
redis.call('EXPIRE', rate, 2 * 86400)
if best.tpm > 0 then
  if best.gone > 0 then redis.call('LTRIM', log, best.gone, -1) end
  redis.call('RPUSH', log, say(best.at) .. ':' .. best.need)
  redis.call('PEXPIRE', log, math.ceil((best.at - now + 2 * best.window) * 1000))
end
for i = FIRST + WIDTH, #KEYS, WIDTH do
  redis.call('HDEL', KEYS[i], process .. ':since', process .. ':seen')
end
local expires = best.at + lease_seconds
redis.call('ZADD', held, say(expires), lease)
redis.call('PEXPIRE', held, math.ceil((expires - now + 60) * 1000))
for _, key in ipairs({ KEYS[1], KEYS[2], KEYS[k + 1], KEYS[k + 2], KEYS[k + 3] }) do
  if half_open[key] then redis.call('HSET', key, 'probe', lease, 'probe_until', say(expires)) end
end
return { 'granted', say(best.at - now), best.i, best.used + 1 }
