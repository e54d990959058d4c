import { describe, expect, it } from "vitest";
import { RestartBackoff } from "./restart-backoff.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe("the schedule of restarts", () => {
  it("RESTART-4: nothing before the first restart, then 10 s doubling to 5 minutes", () => {
    const backoff = new RestartBackoff(10 * SECOND, 300 * SECOND);
    const delays: number[] = [];
    let nowMs = 0;
    for (let restart = 0; restart < 8; restart += 1) {
      const endedMs = nowMs;
      while (backoff.isInBackoffSince("c", endedMs, nowMs)) nowMs += SECOND;
      delays.push((nowMs - endedMs) / SECOND);
      backoff.next("c", endedMs, nowMs);
      nowMs += SECOND;
    }
    expect(delays).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
  });

  it.each([
    { ranFor: "10 min", ranForMs: 10 * MINUTE, isBackingOff: true, next: 20 * SECOND },
    {
      ranFor: "10 min 1 s",
      ranForMs: 10 * MINUTE + SECOND,
      isBackingOff: false,
      next: 10 * SECOND,
    },
  ])(
    "RESTART-5: after a run of $ranFor the schedule starts over: $isBackingOff, $next",
    ({ ranForMs, isBackingOff, next }) => {
      const backoff = new RestartBackoff(10 * SECOND, 300 * SECOND);
      backoff.next("c", 0, 0);
      const endedMs = ranForMs;
      expect(backoff.isInBackoffSince("c", endedMs, endedMs)).toBe(isBackingOff);
      backoff.next("c", endedMs, endedMs);
      expect(backoff.get("c")).toBe(next);
    },
  );

  it("IMG-5: a pull is put off since the last failure", () => {
    const backoff = new RestartBackoff(10 * SECOND, 300 * SECOND);
    expect(backoff.isInBackoffSinceUpdate("i", 0)).toBe(false);
    backoff.next("i", 0, 0);
    expect(backoff.isInBackoffSinceUpdate("i", 10 * SECOND - 1)).toBe(true);
    expect(backoff.isInBackoffSinceUpdate("i", 10 * SECOND)).toBe(false);
  });

  it("forgets by prefix", () => {
    const backoff = new RestartBackoff(10 * SECOND, 300 * SECOND);
    backoff.next("a_x", 0, 0);
    backoff.next("b_x", 0, 0);
    backoff.forget("a_");
    expect([backoff.get("a_x"), backoff.get("b_x")]).toEqual([0, 10 * SECOND]);
  });
});
