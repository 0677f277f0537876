/**
 * All keys of a source begin with KEYS[1], which holds a hash tag, so that they live in one slot of a cluster:
 *   :seq                 counts the entries
 *   :e:<seq>             hash: the entry
 *   :k:<key>             its seq, by key and by content key: what makes a duplicate
 *   :due                 sorted set of seq by when it may be claimed; of an order key only the first
 *   :o:<order key>       sorted set of the open seqs of an order key
 *   :s:<state>           sorted set of seq: by when it ended, or arrived
 * Each script is atomic, and takes the time of the server.
 */
const prelude = `
local p = KEYS[1]
local function now() local t = redis.call('TIME') return t[1] * 1000 + math.floor(t[2] / 1000) end
local function entry(seq) return p .. ':e:' .. seq end
local function open(seq, order)
  redis.call('ZADD', p .. ':s:open', seq, seq)
  if not order then redis.call('ZADD', p .. ':due', now(), seq) return end
  local lane = p .. ':o:' .. order
  redis.call('ZADD', lane, seq, seq)
  local first = redis.call('ZRANGE', lane, 0, 0)[1]
  if first == seq then
    redis.call('ZADD', p .. ':due', now(), seq)
    local second = redis.call('ZRANGE', lane, 1, 1)[1]
    -- One that is being handled keeps its place: its lease is its due time.
    if second and not redis.call('HGET', entry(second), 'lease') then redis.call('ZREM', p .. ':due', second) end
  end
end
local function close(seq, state)
  local order = redis.call('HGET', entry(seq), 'order_key')
  redis.call('ZREM', p .. ':due', seq)
  redis.call('ZREM', p .. ':s:open', seq)
  redis.call('ZADD', p .. ':s:' .. state, now(), seq)
  redis.call('HDEL', entry(seq), 'lease')
  redis.call('HSET', entry(seq), 'state', state)
  if order then
    local lane = p .. ':o:' .. order
    redis.call('ZREM', lane, seq)
    local next = redis.call('ZRANGE', lane, 0, 0)[1]
    if next and not redis.call('ZSCORE', p .. ':due', next) then redis.call('ZADD', p .. ':due', now(), next) end
  end
end
local function held(key, lease)
  local seq = redis.call('GET', p .. ':k:' .. key)
  if seq and redis.call('HGET', entry(seq), 'lease') == lease then return seq end
  return nil
end
`;

/** ARGV of each: see the calls in `redis-inbox.ts`. */
export const redisScripts = {
  /** One entry after the other: key, content key or '', state, order key or '', then count and that many fields. */
  record: `${prelude}
local at, results = 1, {}
while at <= #ARGV do
  local key, content, state, order, count = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4])
  local fields = {}
  for index = 1, count do fields[index] = ARGV[at + 4 + index] end
  at = at + 5 + count
  local known = redis.call('EXISTS', p .. ':k:' .. key)
  if known == 0 and content ~= '' then known = redis.call('EXISTS', p .. ':k:' .. content) end
  if known == 0 then
    local seq = tostring(redis.call('INCR', p .. ':seq'))
    redis.call('SET', p .. ':k:' .. key, seq)
    if content ~= '' then redis.call('SET', p .. ':k:' .. content, seq) end
    redis.call('HSET', entry(seq), 'key', key, 'content_key', content, 'state', state, 'attempt', 0, 'received_ms', now(), unpack(fields))
    if order ~= '' then redis.call('HSET', entry(seq), 'order_key', order) end
    if state == 'open' then open(seq, order ~= '' and order) else redis.call('ZADD', p .. ':s:' .. state, now(), seq) end
    results[#results + 1] = 1
  else
    results[#results + 1] = 0
  end
end
return results`,
  /** ARGV: limit, lease, leaseMs. */
  claim: `${prelude}
local found = redis.call('ZRANGEBYSCORE', p .. ':due', '-inf', now(), 'LIMIT', 0, ARGV[1])
local claims = {}
for _, seq in ipairs(found) do
  redis.call('HINCRBY', entry(seq), 'attempt', 1)
  redis.call('HSET', entry(seq), 'lease', ARGV[2])
  redis.call('ZADD', p .. ':due', now() + ARGV[3], seq)
  claims[#claims + 1] = redis.call('HGETALL', entry(seq))
end
return claims`,
  /** ARGV: key, lease, leaseMs. */
  extend: `${prelude}
local seq = held(ARGV[1], ARGV[2])
if seq then redis.call('ZADD', p .. ':due', now() + ARGV[3], seq) end
return 0`,
  /** ARGV: key, lease. */
  done: `${prelude}
local seq = held(ARGV[1], ARGV[2])
if not seq then return 0 end
redis.call('HDEL', entry(seq), 'last_error')
close(seq, 'done')
return 1`,
  /** ARGV: key, lease, afterMs, error. */
  retry: `${prelude}
local seq = held(ARGV[1], ARGV[2])
if not seq then return 0 end
redis.call('HDEL', entry(seq), 'lease')
redis.call('HSET', entry(seq), 'last_error', ARGV[4])
redis.call('ZADD', p .. ':due', now() + ARGV[3], seq)
return 1`,
  /** ARGV: key, lease, reason, error. */
  dead: `${prelude}
local seq = held(ARGV[1], ARGV[2])
if not seq then return 0 end
redis.call('HSET', entry(seq), 'dead_reason', ARGV[3], 'last_error', ARGV[4])
close(seq, 'dead')
return 1`,
  counts: `
local p = KEYS[1]
local counts = {}
for index, state in ipairs({'open', 'done', 'dead', 'ignored'}) do counts[index] = redis.call('ZCARD', p .. ':s:' .. state) end
return counts`,
  /** ARGV: state, limit. */
  list: `
local p = KEYS[1]
local entries = {}
for _, seq in ipairs(redis.call('ZRANGE', p .. ':s:' .. ARGV[1], 0, ARGV[2] - 1)) do
  entries[#entries + 1] = redis.call('HGETALL', p .. ':e:' .. seq)
end
return entries`,
  /** ARGV: keys. */
  replay: `${prelude}
local count = 0
for _, key in ipairs(ARGV) do
  local seq = redis.call('GET', p .. ':k:' .. key)
  local state = seq and redis.call('HGET', entry(seq), 'state')
  if state and state ~= 'open' then
    redis.call('ZREM', p .. ':s:' .. state, seq)
    redis.call('HSET', entry(seq), 'state', 'open', 'attempt', 0)
    redis.call('HDEL', entry(seq), 'dead_reason', 'lease')
    open(seq, redis.call('HGET', entry(seq), 'order_key'))
    count = count + 1
  end
end
return count`,
  /** ARGV: keys. */
  discard: `${prelude}
local count = 0
for _, key in ipairs(ARGV) do
  local seq = redis.call('GET', p .. ':k:' .. key)
  if seq and redis.call('ZREM', p .. ':s:dead', seq) == 1 then
    redis.call('HSET', entry(seq), 'state', 'done')
    redis.call('ZADD', p .. ':s:done', now(), seq)
    count = count + 1
  end
end
return count`,
  /** ARGV: olderThanMs. */
  prune: `${prelude}
local count = 0
for _, state in ipairs({'done', 'ignored'}) do
  for _, seq in ipairs(redis.call('ZRANGEBYSCORE', p .. ':s:' .. state, '-inf', now() - ARGV[1], 'LIMIT', 0, 500)) do
    local key, content = unpack(redis.call('HMGET', entry(seq), 'key', 'content_key'))
    redis.call('DEL', entry(seq), p .. ':k:' .. key)
    if content ~= '' then redis.call('DEL', p .. ':k:' .. content) end
    redis.call('ZREM', p .. ':s:' .. state, seq)
    count = count + 1
  end
end
return count`,
} as const;
