import { array, bulk, bulks, failure, integer, NIL, OK, status, type Reply } from "./resp.js";
import type { RedisStore, RedisValue } from "./store.js";

/** What a command works on. */
export interface RedisContext {
  readonly store: RedisStore;
  readonly config: Map<string, string>;
  readonly nowMs: () => number;
  readonly info: () => string;
}

type Handler = (context: RedisContext, args: readonly string[]) => Reply;

const WRONG_TYPE = failure("WRONGTYPE Operation against a key holding the wrong kind of value");
const NOT_INTEGER = failure("ERR value is not an integer or out of range");

const text = ({ store }: RedisContext, key: string): string | null | undefined => {
  const value = store.get(key);
  if (value === null || typeof value === "string") return value;
  return undefined;
};

const add = (context: RedisContext, key: string, amount: number): Reply => {
  const before = text(context, key);
  if (before === undefined) return WRONG_TYPE;
  if (!/^-?\d+$/.test(before ?? "0") || !Number.isSafeInteger(amount)) return NOT_INTEGER;
  const value = Number(before ?? 0) + amount;
  context.store.set(key, String(value));
  return integer(value);
};

const list = ({ store }: RedisContext, key: string): string[] | undefined => {
  const value = store.get(key);
  if (value === null) return [];
  return Array.isArray(value) ? value : undefined;
};

const hash = ({ store }: RedisContext, key: string): Map<string, string> | undefined => {
  const value = store.get(key);
  if (value === null) return new Map();
  return value instanceof Map ? value : undefined;
};

const set = ({ store }: RedisContext, key: string): Set<string> | undefined => {
  const value = store.get(key);
  if (value === null) return new Set();
  return value instanceof Set ? value : undefined;
};

const typeName = (value: RedisValue | null): string => {
  if (value === null) return "none";
  if (typeof value === "string") return "string";
  if (Array.isArray(value)) return "list";
  return value instanceof Map ? "hash" : "set";
};

const glob = (pattern: string): ((name: string) => boolean) => {
  const parts = pattern.split("*");
  return (name) => {
    const [first = "", ...rest] = parts;
    if (rest.length === 0) return name === pattern;
    if (!name.startsWith(first)) return false;
    let at = first.length;
    for (const [index, part] of rest.entries()) {
      if (index === rest.length - 1)
        return part === "" || (name.length - part.length >= at && name.endsWith(part));
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return true;
  };
};

const slice = (items: readonly string[], from: number, to: number): readonly string[] => {
  const start = from < 0 ? Math.max(0, items.length + from) : from;
  const end = to < 0 ? items.length + to : to;
  return items.slice(start, end + 1);
};

const push = (
  context: RedisContext,
  [key = "", ...values]: readonly string[],
  isLeft: boolean,
): Reply => {
  const items = list(context, key);
  if (items === undefined) return WRONG_TYPE;
  const next = isLeft ? [...values.toReversed(), ...items] : [...items, ...values];
  context.store.set(key, next);
  return integer(next.length);
};

const pop = (context: RedisContext, key: string, isLeft: boolean): Reply => {
  const items = list(context, key);
  if (items === undefined) return WRONG_TYPE;
  const value = isLeft ? items[0] : items.at(-1);
  if (value === undefined) return NIL;
  const rest = isLeft ? items.slice(1) : items.slice(0, -1);
  if (rest.length === 0) context.store.delete(key);
  else context.store.set(key, rest);
  return bulk(value);
};

const setValue: Handler = (context, [key = "", value = "", ...options]) => {
  const words = options.map((option) => option.toUpperCase());
  const exists = context.store.get(key) !== null;
  if ((words.includes("NX") && exists) || (words.includes("XX") && !exists)) return NIL;
  context.store.set(key, value);
  const seconds = words.indexOf("EX");
  const milliseconds = words.indexOf("PX");
  const leftMs =
    seconds >= 0
      ? Number(options[seconds + 1]) * 1000
      : milliseconds >= 0
        ? Number(options[milliseconds + 1])
        : null;
  context.store.expireAt(key, leftMs === null ? null : context.nowMs() + leftMs);
  return OK;
};

const configure: Handler = ({ config }, [verb = "", name = "", value = ""]) => {
  switch (verb.toUpperCase()) {
    case "GET": {
      const matches = glob(name.toLowerCase());
      return bulks([...config].filter(([key]) => matches(key)).flat());
    }
    case "SET":
      config.set(name.toLowerCase(), value);
      return OK;
    case "RESETSTAT":
    case "REWRITE":
      return OK;
    default:
      return failure(`ERR Unknown CONFIG subcommand or wrong number of arguments for '${verb}'`);
  }
};

const expire: Handler = ({ store, nowMs }, [key = "", seconds = ""]) => {
  if (!/^-?\d+$/.test(seconds)) return NOT_INTEGER;
  if (store.get(key) === null) return integer(0);
  store.expireAt(key, nowMs() + Number(seconds) * 1000);
  return integer(1);
};

const timeToLive: Handler = ({ store }, [key = ""]) => {
  if (store.get(key) === null) return integer(-2);
  const left = store.timeToLive(key);
  return integer(left === null ? -1 : Math.ceil(left / 1000));
};

/** Commands with the fewest arguments they take. */
const COMMANDS: Readonly<Record<string, readonly [least: number, run: Handler]>> = {
  APPEND: [
    2,
    (context, [key = "", value = ""]) => {
      const before = text(context, key);
      if (before === undefined) return WRONG_TYPE;
      context.store.set(key, (before ?? "") + value);
      return integer((before ?? "").length + value.length);
    },
  ],
  BGSAVE: [0, () => status("Background saving started")],
  CLIENT: [1, () => OK],
  COMMAND: [0, () => array([])],
  CONFIG: [1, configure],
  DBSIZE: [0, ({ store }) => integer(store.size)],
  DECR: [1, (context, [key = ""]) => add(context, key, -1)],
  DECRBY: [2, (context, [key = "", by = ""]) => add(context, key, -Number(by))],
  DEL: [1, ({ store }, keys) => integer(keys.filter((key) => store.delete(key)).length)],
  ECHO: [1, (_context, [message = ""]) => bulk(message)],
  EXISTS: [1, ({ store }, keys) => integer(keys.filter((key) => store.get(key) !== null).length)],
  EXPIRE: [2, expire],
  FLUSHALL: [
    0,
    ({ store }) => {
      store.clear();
      return OK;
    },
  ],
  FLUSHDB: [
    0,
    ({ store }) => {
      store.clear();
      return OK;
    },
  ],
  GET: [
    1,
    (context, [key = ""]) => {
      const value = text(context, key);
      return value === undefined ? WRONG_TYPE : bulk(value);
    },
  ],
  HGET: [
    2,
    (context, [key = "", field = ""]) => {
      const fields = hash(context, key);
      return fields === undefined ? WRONG_TYPE : bulk(fields.get(field) ?? null);
    },
  ],
  HGETALL: [
    1,
    (context, [key = ""]) => {
      const fields = hash(context, key);
      return fields === undefined ? WRONG_TYPE : bulks([...fields].flat());
    },
  ],
  HSET: [
    3,
    (context, [key = "", ...pairs]) => {
      const fields = hash(context, key);
      if (fields === undefined) return WRONG_TYPE;
      const next = new Map(fields);
      for (let i = 0; i + 1 < pairs.length; i += 2) next.set(pairs[i] ?? "", pairs[i + 1] ?? "");
      context.store.set(key, next);
      return integer(next.size - fields.size);
    },
  ],
  INCR: [1, (context, [key = ""]) => add(context, key, 1)],
  INCRBY: [2, (context, [key = "", by = ""]) => add(context, key, Number(by))],
  INFO: [0, ({ info }) => bulk(info())],
  KEYS: [1, ({ store }, [pattern = "*"]) => bulks(store.keys().filter(glob(pattern)))],
  LLEN: [
    1,
    (context, [key = ""]) => {
      const items = list(context, key);
      return items === undefined ? WRONG_TYPE : integer(items.length);
    },
  ],
  LPOP: [1, (context, [key = ""]) => pop(context, key, true)],
  LPUSH: [2, (context, args) => push(context, args, true)],
  LRANGE: [
    3,
    (context, [key = "", from = "0", to = "-1"]) => {
      const items = list(context, key);
      return items === undefined ? WRONG_TYPE : bulks(slice(items, Number(from), Number(to)));
    },
  ],
  MGET: [1, (context, keys) => array(keys.map((key) => bulk(text(context, key) ?? null)))],
  MSET: [
    2,
    ({ store }, pairs) => {
      for (let i = 0; i + 1 < pairs.length; i += 2) store.set(pairs[i] ?? "", pairs[i + 1] ?? "");
      return OK;
    },
  ],
  PERSIST: [
    1,
    ({ store }, [key = ""]) => {
      const had = store.timeToLive(key) !== null;
      store.expireAt(key, null);
      return integer(had ? 1 : 0);
    },
  ],
  PING: [0, (_context, [message]) => (message === undefined ? status("PONG") : bulk(message))],
  ROLE: [0, () => array([bulk("master"), integer(0), array([])])],
  RPOP: [1, (context, [key = ""]) => pop(context, key, false)],
  RPUSH: [2, (context, args) => push(context, args, false)],
  SADD: [
    2,
    (context, [key = "", ...members]) => {
      const before = set(context, key);
      if (before === undefined) return WRONG_TYPE;
      const next = new Set([...before, ...members]);
      context.store.set(key, next);
      return integer(next.size - before.size);
    },
  ],
  SAVE: [0, () => OK],
  SCARD: [
    1,
    (context, [key = ""]) => {
      const members = set(context, key);
      return members === undefined ? WRONG_TYPE : integer(members.size);
    },
  ],
  SELECT: [1, () => OK],
  SET: [2, setValue],
  SMEMBERS: [
    1,
    (context, [key = ""]) => {
      const members = set(context, key);
      return members === undefined ? WRONG_TYPE : bulks(members);
    },
  ],
  STRLEN: [1, (context, [key = ""]) => integer((text(context, key) ?? "").length)],
  TTL: [1, timeToLive],
  TYPE: [1, ({ store }, [key = ""]) => status(typeName(store.get(key)))],
};

export const runRedisCommand = (context: RedisContext, words: readonly string[]): Reply => {
  const [name = "", ...args] = words;
  const upper = name.toUpperCase();
  const found = Object.hasOwn(COMMANDS, upper) ? COMMANDS[upper] : undefined;
  if (found === undefined) {
    const shown = args.map((word) => `'${word}' `).join("");
    return failure(`ERR unknown command '${name}', with args beginning with: ${shown}`);
  }
  const [least, run] = found;
  if (args.length < least)
    return failure(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
  return run(context, args);
};
