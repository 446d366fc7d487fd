/**
 * Owns what runs inside Redis: whatever decides something is one script, and so happens as a whole or not at all. Moments
 * come from the hub's clock; Redis's own only clears away, a while after nobody would read an entry any more.
 *
 * A script is not undone when it fails half way, so each reads everything before it writes anything.
 */

/** An entry as it is kept: `1:version:consumedAt:expiresAt:group:joinedUntil:sealed value`. */
const ENTRY = `
local function read(key)
  local kept = redis.call('GET', key) or ''
  return string.match(kept, '^1:(%d+):(%d*):(%d+):([%w_-]*):(%d*):(.*)$')
end
local function packed(version, consumed, expires, group, joined, sealed)
  return table.concat({ '1', string.format('%.0f', version), consumed, expires, group, joined, sealed }, ':')
end
`;

/** Whether the moment that a key holds is still to come. */
const LASTS = `
local function lasts(key, now)
  local ending = tonumber(redis.call('GET', key) or '')
  return ending ~= nil and ending > now
end
`;

/** Writes a moment that only ever moves away. */
const LENGTHEN = `
local function lengthen(key, ending, milliseconds)
  local before = tonumber(redis.call('GET', key) or '')
  if before and before >= tonumber(ending) and redis.call('PTTL', key) > 0 then return end
  redis.call('SET', key, ending, 'PX', milliseconds)
end
`;

/** The members of a group are kept as long as the one that lives longest. */
const JOIN = `
local function join(key, member, now, margin, ending, milliseconds)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now - margin))
  redis.call('ZADD', key, 'GT', ending, member)
  if redis.call('PTTL', key) < tonumber(milliseconds) then redis.call('PEXPIRE', key, milliseconds) end
end
`;

/**
 * Keys: the entry; then nothing, or what refuses it (see groups.ts), or its group and what refuses that.
 * Answers 1, or 0 when the condition does not hold, or the group that has to be joined for longer first.
 */
const WRITE = `${ENTRY}${LASTS}${JOIN}
local condition, now, ending, milliseconds = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local version, group, member, refused, margin, sealed = tonumber(ARGV[5]), ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
local kept, consumed, expires, in_group, joined = read(KEYS[1])
local alive = kept and tonumber(expires) > now
if condition == 'absent' and alive then return 0 end
if condition == 'same' and not (alive and tonumber(kept) == version) then return 0 end
local gone = refused == '1' or (#KEYS > 1 and lasts(KEYS[#KEYS], now))
local joining = ending
if group == '' then joining = '' end
if group == '' and condition == 'same' and in_group ~= '' then
  if tonumber(joined) < tonumber(ending) then return in_group end
  group, joining = in_group, joined
end
if gone then
  redis.call('DEL', KEYS[1])
  return 1
end
if #KEYS == 3 then join(KEYS[2], member, now, tonumber(margin), ending, milliseconds) end
if kept then version = tonumber(kept) + 1 end
if not alive then consumed = '' end
redis.call('SET', KEYS[1], packed(version, consumed, ending, group, joining, sealed), 'PX', milliseconds)
return 1
`;

const CONSUME = `${ENTRY}
local version, consumed, expires, group, joined, sealed = read(KEYS[1])
if not version or consumed ~= '' or tonumber(expires) <= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], packed(tonumber(version) + 1, ARGV[2], expires, group, joined, sealed), 'KEEPTTL')
return 1
`;

const DELETE_VERSION = `${ENTRY}
local version = read(KEYS[1])
if not version or tonumber(version) ~= tonumber(ARGV[1]) then return 0 end
return redis.call('DEL', KEYS[1])
`;

/** Keys: a group, and what refuses it. Answers 0 when the group was deleted. */
const JOIN_GROUP = `${LASTS}${JOIN}
local now = tonumber(ARGV[1])
if lasts(KEYS[2], now) then return 0 end
join(KEYS[1], ARGV[2], now, tonumber(ARGV[3]), ARGV[4], ARGV[5])
return 1
`;

const LIST_GROUP = `${LASTS}
if lasts(KEYS[2], tonumber(ARGV[1])) then return {} end
return redis.call('ZRANGE', KEYS[1], 0, -1)
`;

/** From here on nobody joins. Members stay listed: whoever finds the deletion cut short begins it again. */
const CLOSE_GROUP = `${LENGTHEN}
local members = redis.call('ZRANGE', KEYS[1], 0, -1)
lengthen(KEYS[2], ARGV[1], ARGV[2])
return members
`;

/** Keys: an entry and, in a cluster, what from now on refuses it in this group. */
const EXPEL = `${ENTRY}${LENGTHEN}
local version, consumed, expires, group = read(KEYS[1])
if KEYS[2] then lengthen(KEYS[2], ARGV[2], ARGV[3]) end
if group == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

const SCRIPTS = {
  stateWrite: WRITE,
  stateConsume: CONSUME,
  stateDeleteVersion: DELETE_VERSION,
  stateJoinGroup: JOIN_GROUP,
  stateListGroup: LIST_GROUP,
  stateCloseGroup: CLOSE_GROUP,
  stateExpel: EXPEL,
} as const;

export type ScriptName = keyof typeof SCRIPTS;

/** All scripts as the client takes them; without flags Redis refuses them as a whole where it refuses writes. */
export const scripts = Object.fromEntries(
  Object.entries(SCRIPTS).map(([name, lua]) => [name, { lua: `#!lua\n${lua}` }]),
) as Record<ScriptName, { lua: string }>;

/** Refused by a server that could not write just now, though it writes nothing. Needs no key, so it suits every server. */
export const TRIAL = '#!lua\nreturn 1';
