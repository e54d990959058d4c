import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findKubectls } from "./support/kubectl.js";
import { startService, type Service } from "./support/service.js";
import { StreamClient, until, type StreamRecord } from "./support/stream.js";

const MANIFEST = new URL("../scenarios/init-sidecar-app/input.yaml", import.meta.url).pathname;

describe.each(findKubectls())("kubectl $version applies a multi-container pod", (kubectl) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({ PEAPOD_CLOCK: "x10" });
  });
  afterAll(() => service.stop());

  it("runs it from apply to delete, and the stream tells the same story", async () => {
    const stream = await StreamClient.open(service, {
      types: ["transition", "probe"],
      filter: { pod: "shop" },
      from: "now",
    });
    expect(await kubectl.run(service, ["apply", "-f", MANIFEST])).toMatchObject({
      code: 0,
      stdout: "pod/shop created\n",
    });
    const waited = await kubectl.run(service, [
      "wait",
      "--for=condition=Ready",
      "pod/shop",
      "--timeout=30s",
    ]);
    expect(waited).toMatchObject({ code: 0, stdout: "pod/shop condition met\n" });
    const row = await kubectl.run(service, ["get", "pod", "shop", "--no-headers"]);
    expect(row.stdout).toMatch(/^shop +3\/3 +Running +0 +\d+m?\d*s\n$/);
    const described = await kubectl.run(service, ["describe", "pod", "shop"]);
    for (const text of [
      "Init Containers:",
      "Started container web",
      "Successfully assigned default/shop to node-",
      "ContainersReady",
    ])
      expect(described.stdout).toContain(text);
    expect(await kubectl.run(service, ["delete", "pod", "shop"])).toMatchObject({ code: 0 });
    await until(() => statesOf(stream.records).includes("proxy:terminated"));
    const states = statesOf(stream.records);
    expectOrder(states, [
      "fetch:running",
      "fetch:terminated",
      "proxy:running",
      "check:running",
      "check:terminated",
      "web:running",
    ]);
    expectOrder(states, ["web:terminated", "proxy:terminated"]);
    expectOrder(states, ["worker:terminated", "proxy:terminated"]);
    expect(stream.records).toContainEqual(
      expect.objectContaining({
        type: "probe",
        container: "web",
        probe: "readiness",
        effect: "ready",
      }),
    );
    expectCausesToPrecede(stream.records);
    stream.close();
  });

  it("resumes the stream from a cursor with nothing lost or repeated", async () => {
    const whole = await StreamClient.open(service, {
      types: ["transition", "probe"],
      from: "start",
    });
    await until(() => whole.records.length >= 12);
    const half = whole.records[3]?.cursor ?? 0;
    const resumed = await StreamClient.open(service, {
      types: ["transition", "probe"],
      from: half,
    });
    await until(() => resumed.records.length >= 8);
    expect(resumed.records.slice(0, 8)).toEqual(whole.records.slice(4, 12));
    whole.close();
    resumed.close();
  });
});

it("reads the manifest that the README names", () => {
  expect(readFileSync(MANIFEST, "utf8")).toContain("restartPolicy: Always");
});

const statesOf = (records: readonly StreamRecord[]): string[] =>
  records
    .filter(({ type }) => type === "transition")
    .map(
      (record) =>
        `${String(record.container)}:${(record.to as { state?: string } | null)?.state ?? "none"}`,
    );

const expectOrder = (states: readonly string[], chain: readonly string[]): void => {
  const positions = chain.map((state) => states.indexOf(state));
  expect(
    positions.every((position) => position >= 0),
    `${chain.join(" ")} in ${states.join(" ")}`,
  ).toBe(true);
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
};

const expectCausesToPrecede = (records: readonly StreamRecord[]): void => {
  let last = 0;
  for (const record of records) {
    expect(record.cursor).toBeGreaterThan(last);
    last = record.cursor;
    const cause = record.cause as { reason?: string; cursor?: number } | undefined;
    if (record.type === "transition") expect(cause?.reason).toBeTruthy();
    if (cause?.cursor !== undefined) expect(cause.cursor).toBeLessThan(record.cursor);
  }
};
