import { describe, expect, it } from "vitest";
import {
  aLogLine,
  anObject,
  aProbe,
  aRevision,
  aTransition,
} from "../persistence/testing/entries.js";
import type { FeedEntry } from "../simulation/index.js";
import { StreamApplication } from "./testing/stream-application.js";
import { TimelineController } from "./timeline.controller.js";
import { timelineSchema } from "./timeline-messages.js";

const STORY: readonly FeedEntry[] = [
  aRevision(
    "ADDED",
    anObject("Pod", "web", 1, { labels: { app: "web" }, spec: { containers: [] } }),
  ),
  aTransition(2, "web"),
  aProbe(3, "web"),
  aRevision(
    "ADDED",
    anObject("Event", "web.1", 4, { involvedObject: { kind: "Pod", name: "web", uid: "uid-web" } }),
  ),
  aLogLine(5, "web", "hello"),
  aTransition(6, "db"),
];

const read = async (query: string, kept: readonly FeedEntry[] = STORY) => {
  const app = await StreamApplication.start();
  await app.publish(...kept);
  const response = await app.http.inject({ method: "GET", url: `/sim/v1/timeline${query}` });
  return { code: response.statusCode, body: response.json<unknown>(), app };
};

describe("the timeline", () => {
  it.each<[string, number[], number | null]>([
    ["", [2, 3, 4, 6], null],
    ["?types=transition", [2, 6], null],
    ["?types=pod,log", [1, 5], null],
    ["?pod=web", [2, 3, 4], null],
    ["?namespace=default&pod=db", [6], null],
    ["?container=app&types=probe", [3], null],
    ["?labelSelector=app%3Dweb", [2, 3, 4], null],
    ["?from=3", [4, 6], null],
    ["?from=start&limit=2", [2, 3], 3],
    ["?from=3&limit=2", [4, 6], null],
    ["?from=99", [], null],
  ])("%s", async (query, expected, next) => {
    const { code, body } = await read(query);
    expect(code).toBe(200);
    const timeline = timelineSchema.parse(body);
    expect(timeline.items.map(({ cursor }) => cursor)).toEqual(expected);
    expect(timeline.next).toBe(next);
  });

  it("shows a record as the stream does, but for op and id", async () => {
    const { body } = await read("?from=1&limit=1");
    expect(body).toEqual({
      items: [
        { cursor: 2, time: "1970-01-01T00:00:01.000Z", ...(STORY[1] as { record: object }).record },
      ],
      next: 2,
    });
  });

  it("goes on from page to page over a long history", async () => {
    const many = Array.from({ length: 1003 }, (_, index) => aProbe(index + 1, "web"));
    const { app } = await read("", many);
    const seen: number[] = [];
    for (let from: number | null = 0; from !== null;) {
      const response = await app.http.inject({
        method: "GET",
        url: `/sim/v1/timeline?limit=100&from=${from}`,
      });
      const page = timelineSchema.parse(response.json());
      seen.push(...page.items.map(({ cursor }) => cursor));
      from = page.next;
    }
    expect(seen).toEqual(many.map(({ sequence }) => sequence));
  });

  it("says what is no longer kept", async () => {
    const { app } = await read("");
    app.journal.compactTo(4);
    const ask = async (query: string): Promise<unknown> =>
      (await app.http.inject({ method: "GET", url: `/sim/v1/timeline${query}` })).json();
    expect(await ask("?from=1&types=probe")).toEqual({
      items: [],
      next: null,
      gap: { from: 2, to: 3 },
    });
    expect(await ask("?types=probe")).toEqual({ items: [], next: null });
  });

  it.each([
    ["?limit=0", /^limit: /],
    ["?limit=10001", /^limit: /],
    ["?limit=x", /^limit: must be a whole number from 1 to 10000$/],
    ["?from=later", /^from: /],
    ["?types=transition,node", /^types\.1: /],
    ["?pods=web", /pods/],
    ["?labelSelector=a%20in%20((", /unable to parse/],
  ])("refuses %s", async (query, problem) => {
    const { app } = await read("");
    const service = app.http.get(TimelineController);
    const asked = Object.fromEntries(new URLSearchParams(query));
    const refused = async (): Promise<string> => service.read(asked);
    await expect(refused()).rejects.toMatchObject({ status: { code: 400 } });
    await expect(refused()).rejects.toThrow(problem);
  });
});
