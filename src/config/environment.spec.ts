import { describe, expect, it } from "vitest";
import type { Config } from "./config.js";
import { ConfigError, readConfig } from "./environment.js";

const DEFAULTS: Config = {
  host: "127.0.0.1",
  port: 8080,
  database: "./data/peapod.sqlite",
  nodes: 3,
  clock: { mode: "running", speed: 1 },
  seed: 1,
  epochMs: null,
  token: null,
  logLevel: "warn",
};

describe("the configuration", () => {
  it("has defaults, for what is empty as well, and is frozen", () => {
    const config = readConfig({ PEAPOD_PORT: "", PEAPOD_TOKEN: "", OTHER: "x" });
    expect(config).toEqual(DEFAULTS);
    expect(Object.isFrozen(config) && Object.isFrozen(config.clock)).toBe(true);
  });

  it.each<[string, string, Partial<Config>]>([
    ["PEAPOD_HOST", "127.8.9.1", { host: "127.8.9.1" }],
    ["PEAPOD_HOST", "::1", { host: "::1" }],
    ["PEAPOD_HOST", "localhost", { host: "localhost" }],
    ["PEAPOD_PORT", "0", { port: 0 }],
    ["PEAPOD_PORT", "65535", { port: 65535 }],
    ["PEAPOD_DATABASE", ":memory:", { database: ":memory:" }],
    ["PEAPOD_NODES", "0", { nodes: 0 }],
    ["PEAPOD_NODES", "5000", { nodes: 5000 }],
    ["PEAPOD_CLOCK", "realtime", { clock: { mode: "running", speed: 1 } }],
    ["PEAPOD_CLOCK", "x60", { clock: { mode: "running", speed: 60 } }],
    ["PEAPOD_CLOCK", "x0.5", { clock: { mode: "running", speed: 0.5 } }],
    ["PEAPOD_CLOCK", "x1000000", { clock: { mode: "running", speed: 1_000_000 } }],
    ["PEAPOD_CLOCK", "max", { clock: { mode: "running", speed: "max" } }],
    ["PEAPOD_CLOCK", "paused", { clock: { mode: "paused", speed: 1 } }],
    ["PEAPOD_SEED", "0", { seed: 0 }],
    ["PEAPOD_SEED", "9007199254740991", { seed: Number.MAX_SAFE_INTEGER }],
    ["PEAPOD_EPOCH", "2026-01-01T00:00:00Z", { epochMs: Date.UTC(2026, 0, 1) }],
    ["PEAPOD_EPOCH", "2026-01-01T01:00:00.250+01:00", { epochMs: Date.UTC(2026, 0, 1) + 250 }],
    ["PEAPOD_TOKEN", "a", { token: "a" }],
    ["PEAPOD_LOG", "debug", { logLevel: "debug" }],
  ])("%s=%s", (name, value, expected) => {
    expect(readConfig({ [name]: value })).toEqual({ ...DEFAULTS, ...expected });
  });

  it.each([
    ["PEAPOD_HOST", "not a host"],
    ["PEAPOD_HOST", "300.1.1.1"],
    ["PEAPOD_PORT", "65536"],
    ["PEAPOD_PORT", "-1"],
    ["PEAPOD_PORT", "80a"],
    ["PEAPOD_PORT", "1e3"],
    ["PEAPOD_PORT", " 80"],
    ["PEAPOD_DATABASE", "data/"],
    ["PEAPOD_NODES", "5001"],
    ["PEAPOD_NODES", "1.5"],
    ["PEAPOD_CLOCK", "fast"],
    ["PEAPOD_CLOCK", "x"],
    ["PEAPOD_CLOCK", "x0"],
    ["PEAPOD_CLOCK", "x-1"],
    ["PEAPOD_CLOCK", "x1000001"],
    ["PEAPOD_CLOCK", "x0.0001"],
    ["PEAPOD_CLOCK", "60"],
    ["PEAPOD_SEED", "-1"],
    ["PEAPOD_SEED", "9007199254740992"],
    ["PEAPOD_SEED", "abc"],
    ["PEAPOD_EPOCH", "yesterday"],
    ["PEAPOD_EPOCH", "2026-01-01"],
    ["PEAPOD_EPOCH", "2026-02-30T00:00:00Z"],
    ["PEAPOD_EPOCH", "1969-12-31T23:59:59Z"],
    ["PEAPOD_LOG", "loud"],
  ])("refuses %s=%s in one line with name, value and what is allowed", (name, value) => {
    const read = (): Config => readConfig({ [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(`${name}=${JSON.stringify(value)} is not valid; allowed: `);
    expect(read).not.toThrow("\n");
  });

  it("never shows a token", () => {
    const read = (): Config => readConfig({ PEAPOD_TOKEN: "my secret" });
    expect(read).toThrow("PEAPOD_TOKEN=(not shown) is not valid; allowed: up to 1024 visible");
  });

  it.each([
    ["0.0.0.0", false],
    ["::", false],
    ["192.168.1.5", false],
    ["example.org", false],
    ["127.0.0.1", true],
    ["127.255.0.1", true],
    ["::1", true],
    ["localhost", true],
  ])("on %s it goes without a token: %s", (host, isAllowed) => {
    const read = (): Config => readConfig({ PEAPOD_HOST: host });
    if (isAllowed) expect(read().token).toBeNull();
    else expect(read).toThrow(`PEAPOD_TOKEN is not set, and PEAPOD_HOST="${host}"`);
    expect(readConfig({ PEAPOD_HOST: host, PEAPOD_TOKEN: "secret" }).host).toBe(host);
  });
});
