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

describe.each(names)("%s", (name) => {
  const golden = join(FOLDER, name, "timeline.golden.yaml");

  it("gives the timeline that was reviewed, and the same trace twice", () => {
    const first = runScenario(loadScenario(FOLDER, name));
    const second = runScenario(loadScenario(FOLDER, name));
    expect(second.traceHash).toBe(first.traceHash);
    expect(second.timeline).toEqual(first.timeline);
    if (UPDATE) writeFileSync(golden, stringify(first.timeline, { lineWidth: 0 }));
    expect(
      existsSync(golden),
      "npm run update:goldens writes it; review it before you commit",
    ).toBe(true);
    expect(first.timeline).toEqual(parse(readFileSync(golden, "utf8")));
  });
});
