/** How virtual time runs. `speed` is virtual seconds per real second; `max` jumps from timer to timer. */
export interface ClockSetting {
  readonly mode: "running" | "paused";
  readonly speed: number | "max";
}

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

/** All that the environment decides (contract, "Process"). Frozen; made once, before anything else. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** A file, or `:memory:`. */
  readonly database: string;
  /** Simulated nodes made on an empty database. */
  readonly nodes: number;
  readonly clock: ClockSetting;
  readonly seed: number;
  /** Virtual time of an empty database, Unix milliseconds; null: the wall clock. */
  readonly epochMs: number | null;
  /** The bearer token that every request must carry; null: none. */
  readonly token: string | null;
  readonly logLevel: LogLevel;
}

/** Injection token of the Config. */
export const CONFIG = Symbol("Config");
