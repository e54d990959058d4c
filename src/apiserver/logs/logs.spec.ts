import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LogQuery } from "../cluster-port.js";
import { MemoryCluster } from "../testing/memory-cluster.js";
import { startTestApplication } from "../testing/test-application.js";

const LOG = "/api/v1/namespaces/default/pods/p/log";
const PLACE = { namespace: "default", pod: "p", uid: "u", node: "n", container: "c" };

let application: NestFastifyApplication;
let cluster: MemoryCluster;
let url: string;
let asked: LogQuery[];

const logs = (text: string, ended: boolean) => {
  cluster.answerLog = ({ query }) => {
    asked.push(query);
    return {
      ok: true,
      log: { text, cursor: cluster.feed.durableSequence, ended, container: "c" },
    };
  };
};
const line = (text: string, over: object = {}) =>
  cluster.record({ type: "log", ...PLACE, stream: "stdout", line: text, ...over });
const end = () =>
  cluster.record({
    type: "transition",
    ...PLACE,
    kind: "app",
    from: { state: "running" },
    to: { state: "terminated", exitCode: 0 },
    restartCount: 0,
    ready: false,
    started: false,
    cause: { reason: "Completed", message: "" },
  });

beforeAll(async () => {
  cluster = new MemoryCluster();
  application = await startTestApplication(cluster);
  await application.listen(0, "127.0.0.1");
  url = await application.getUrl();
});
beforeEach(() => {
  asked = [];
  logs("one\n", true);
});
afterAll(() => application.close());

describe("API-21: pods/{name}/log", () => {
  it("is plain text", async () => {
    const response = await fetch(`${url}${LOG}`);
    expect(response.headers.get("content-type")).toBe("text/plain");
    expect(await response.text()).toBe("one\n");
  });

  it("hands all options on", async () => {
    await fetch(
      `${url}${LOG}?container=c&previous=true&tailLines=5&sinceSeconds=9&limitBytes=7&timestamps=1&follow=false`,
    );
    expect(asked).toEqual([
      {
        namespace: "default",
        pod: "p",
        container: "c",
        previous: true,
        tailLines: 5,
        sinceSeconds: 9,
        limitBytes: 7,
        timestamps: true,
      },
    ]);
  });

  it.each([
    [
      "tailLines=-1",
      422,
      'PodLogOptions "p" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      "limitBytes=0",
      422,
      'PodLogOptions "p" is invalid: limitBytes: Invalid value: 0: must be greater than 0',
    ],
    [
      "sinceSeconds=0",
      422,
      'PodLogOptions "p" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0',
    ],
    ["tailLines=x", 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
    [
      "stream=x",
      422,
      'PodLogOptions "p" is invalid: stream: Unsupported value: "x": supported values: "All", "Stderr", "Stdout"',
    ],
  ])("refuses %s", async (query, code, message) => {
    const response = await fetch(`${url}${LOG}?${query}`);
    expect(response.status).toBe(code);
    expect(await response.json()).toMatchObject({ message });
  });

  it("follows until the container ends, other containers and pods left out", async () => {
    logs("one\n", false);
    const response = await fetch(`${url}${LOG}?follow=true`);
    line("two");
    line("not mine", { container: "other" });
    line("three", { stream: "stderr" });
    end();
    line("a later instance");
    expect(await response.text()).toBe("one\ntwo\nthree\n");
    expect(cluster.feed.openReaders).toBe(0);
  });

  it("follows with time stamps and up to limitBytes", async () => {
    logs("", false);
    const stamped = await fetch(`${url}${LOG}?follow=true&timestamps=true`);
    const limited = await fetch(`${url}${LOG}?follow=true&limitBytes=5`);
    line("abc");
    line("def");
    end();
    expect(await stamped.text()).toBe(
      "2026-01-01T00:00:00.000000000Z abc\n2026-01-01T00:00:00.000000000Z def\n",
    );
    expect(await limited.text()).toBe("abc\nd");
  });

  it("stops to follow when the client goes", async () => {
    logs("one\n", false);
    const abort = new AbortController();
    const response = await fetch(`${url}${LOG}?follow=true`, { signal: abort.signal });
    await response.body?.getReader().read();
    expect(cluster.feed.openReaders).toBe(1);
    abort.abort();
    await expect.poll(() => cluster.feed.openReaders).toBe(0);
  });
});
