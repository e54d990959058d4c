import { describe, expect, it } from "vitest";
import { EXPECTATIONS_TIMEOUT_MS } from "../limits.js";
import { Expectations } from "./expectations.js";

describe("Expectations", () => {
  it("are met when each creation was seen", () => {
    const expectations = new Expectations();
    expect(expectations.areMet("a", 0)).toBe(true);
    expectations.expectCreations("a", 2, 0);
    expectations.creationSeen("a");
    expect(expectations.areMet("a", 0)).toBe(false);
    expectations.creationSeen("a");
    expect(expectations.areMet("a", 0)).toBe(true);
  });

  it("count a deletion once, however often it is seen", () => {
    const expectations = new Expectations();
    expectations.expectDeletions("a", ["x", "y"], 0);
    expectations.deletionSeen("a", "x");
    expectations.deletionSeen("a", "x");
    expectations.deletionSeen("b", "y");
    expect(expectations.areMet("a", 0)).toBe(false);
    expectations.deletionSeen("a", "y");
    expect(expectations.areMet("a", 0)).toBe(true);
  });

  it.each([
    ["just not too long", EXPECTATIONS_TIMEOUT_MS, false],
    ["too long", EXPECTATIONS_TIMEOUT_MS + 1, true],
  ])("are given up after a while: %s", (_name, nowMs, areMet) => {
    const expectations = new Expectations();
    expectations.expectCreations("a", 1, 0);
    expect(expectations.areMet("a", nowMs)).toBe(areMet);
    expectations.forget("a");
    expect(expectations.areMet("a", 0)).toBe(true);
  });
});
