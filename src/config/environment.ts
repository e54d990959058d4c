import { isIP } from "node:net";
import { z } from "zod";
import type { ClockSetting, Config } from "./config.js";
import { MAX_CLOCK_SPEED, MAX_NODES, MAX_TOKEN_LENGTH, MIN_CLOCK_SPEED } from "./limits.js";

/** A wrong value in the environment. The message is the one line that is shown. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

interface Variable<T> {
  /** What is allowed, as it reads after "allowed:". */
  readonly allowed: string;
  readonly schema: z.ZodType<T>;
  /** Never shown, not even when it is wrong. */
  readonly secret?: boolean;
}

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number)
    .pipe(z.number().int().min(least).max(most));

const isHostName = (text: string): boolean =>
  text.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/i.test(text) && !/^[\d.]+$/.test(text);

const VARIABLES = {
  PEAPOD_HOST: {
    allowed: "an IP address or a host name",
    schema: z
      .string()
      .refine((text) => isIP(text) !== 0 || isHostName(text))
      .default("127.0.0.1"),
  },
  PEAPOD_PORT: {
    allowed: "a whole number from 0 (any free port) to 65535",
    schema: wholeNumber(0, 65535).default(8080),
  },
  PEAPOD_DATABASE: {
    allowed: "the path of a SQLite file, or :memory:",
    schema: z
      .string()
      .refine((text) => !text.includes("\0") && !text.endsWith("/"))
      .default("./data/peapod.sqlite"),
  },
  PEAPOD_NODES: {
    allowed: `a whole number from 0 to ${MAX_NODES}`,
    schema: wholeNumber(0, MAX_NODES).default(3),
  },
  PEAPOD_CLOCK: {
    allowed: `realtime, x<speed> such as x60 (${MIN_CLOCK_SPEED} to ${MAX_CLOCK_SPEED}), max or paused`,
    schema: z
      .string()
      .transform((text) => parseClock(text))
      .refine((clock) => clock !== null)
      .default({ mode: "running", speed: 1 }),
  },
  PEAPOD_SEED: {
    allowed: `a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
    schema: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(1),
  },
  PEAPOD_EPOCH: {
    allowed: "an RFC 3339 time such as 2026-01-01T00:00:00Z, from 1970 on",
    schema: z.iso
      .datetime({ offset: true })
      .transform((text) => Date.parse(text))
      .refine((timeMs) => timeMs >= 0)
      .nullable()
      .default(null),
  },
  PEAPOD_TOKEN: {
    allowed: `up to ${MAX_TOKEN_LENGTH} visible ASCII characters without spaces`,
    schema: z
      .string()
      .regex(/^[\x21-\x7e]+$/)
      .max(MAX_TOKEN_LENGTH)
      .nullable()
      .default(null),
    secret: true,
  },
  PEAPOD_LOG: {
    allowed: "trace, debug, info, warn, error, fatal or silent",
    schema: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("warn"),
  },
} satisfies Record<string, Variable<unknown>>;

type Values = { [Name in keyof typeof VARIABLES]: z.output<(typeof VARIABLES)[Name]["schema"]> };

/**
 * Reads the configuration from the environment. An empty variable counts as one that is not set, as docker-compose passes them.
 * @throws ConfigError naming variable, value and what is allowed.
 */
export const readConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  const values = readValues(environment);
  const config: Config = {
    host: values.PEAPOD_HOST,
    port: values.PEAPOD_PORT,
    database: values.PEAPOD_DATABASE,
    nodes: values.PEAPOD_NODES,
    clock: Object.freeze(values.PEAPOD_CLOCK),
    seed: values.PEAPOD_SEED,
    epochMs: values.PEAPOD_EPOCH,
    token: values.PEAPOD_TOKEN,
    logLevel: values.PEAPOD_LOG,
  };
  if (config.token === null && !isLoopback(config.host))
    throw new ConfigError(
      `PEAPOD_TOKEN is not set, and PEAPOD_HOST="${config.host}" can be reached from other machines; ` +
        `allowed: a token, or a loopback address (127.0.0.1, ::1, localhost)`,
    );
  return Object.freeze(config);
};

const readValues = (environment: Readonly<Record<string, string | undefined>>): Values => {
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries<Variable<unknown>>(VARIABLES)) {
    const text = environment[name];
    const parsed = variable.schema.safeParse(text === "" ? undefined : text);
    if (!parsed.success) {
      const shown = variable.secret === true ? "(not shown)" : JSON.stringify(text);
      throw new ConfigError(`${name}=${shown} is not valid; allowed: ${variable.allowed}`);
    }
    values[name] = parsed.data;
  }
  return values as Values;
};

const parseClock = (text: string): ClockSetting | null => {
  if (text === "realtime") return { mode: "running", speed: 1 };
  if (text === "max") return { mode: "running", speed: "max" };
  if (text === "paused") return { mode: "paused", speed: 1 };
  const speed = /^x(\d{1,7}(?:\.\d{1,6})?)$/.exec(text)?.[1];
  if (speed === undefined) return null;
  const value = Number(speed);
  return value >= MIN_CLOCK_SPEED && value <= MAX_CLOCK_SPEED
    ? { mode: "running", speed: value }
    : null;
};

/** Only this machine can reach it. */
const isLoopback = (host: string): boolean =>
  host === "localhost" ||
  host === "::1" ||
  host === "0:0:0:0:0:0:0:1" ||
  (isIP(host) === 4 && host.startsWith("127."));
