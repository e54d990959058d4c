import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { runScenario } from "../support/run-scenario.js";
import { loadScenario } from "../support/scenario.js";

const FOLDER = new URL(".", import.meta.url).pathname;
const UPDATE = process.env.UPDATE_GOLDENS === "1";

const names = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const hashes = new Map<string, string>();

describe.each(names)("%s", (name) => {
  const golden = join(FOLDER, name, "timeline.golden.yaml");

  it("gives the timeline that was reviewed", () => {
    const { timeline, traceHash } = runScenario(loadScenario(FOLDER, name));
    hashes.set(name, traceHash);
    if (UPDATE) writeFileSync(golden, stringify(timeline, { lineWidth: 0 }));
    expect(
      existsSync(golden),
      "npm run update:goldens writes it; review it before you commit",
    ).toBe(true);
    expect(timeline).toEqual(parse(readFileSync(golden, "utf8")));
  });
});

describe("again, in one process with all the others before it", () => {
  it.each(names.toReversed())("%s gives the same trace", (name) => {
    expect(runScenario(loadScenario(FOLDER, name)).traceHash).toBe(hashes.get(name));
  });
});
