import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findKubectls } from "./support/kubectl.js";
import { startService, type Service } from "./support/service.js";

const MANIFEST = `
apiVersion: v1
kind: Pod
metadata: { name: steps }
spec:
  restartPolicy: Never
  initContainers:
    - { name: first, image: busybox, command: ["sh", "-c", "echo first; sleep 5"] }
  containers:
    - { name: main, image: busybox, command: ["sh", "-c", "echo hello; sleep 20; echo bye"] }
`;

/** How long kubectl watches before it gives up, in real time. */
const WATCH = "--request-timeout=8s";

describe.each(findKubectls())("kubectl $version watches", (kubectl) => {
  let service: Service;
  const run = (line: string, input = "") => kubectl.run(service, line.split(" "), { input });

  beforeAll(async () => {
    service = await startService({ PEAPOD_CLOCK: "x10", PEAPOD_NODES: "1" });
  });
  afterAll(() => service.stop());

  it("pods, events and a log as they come", async () => {
    const watches = Promise.all([
      run(`get pods -w ${WATCH}`),
      run(`get pods -w --output-watch-events -o name ${WATCH}`),
      run(`get events --watch ${WATCH}`),
    ]);
    expect(await run("apply -f -", MANIFEST)).toMatchObject({ code: 0 });
    expect(await run("wait --for=condition=Ready pod/steps --timeout=30s")).toMatchObject({
      code: 0,
    });
    const followed = await run("logs steps -f --timestamps");
    expect(followed.stdout).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z hello\n\d{4}-\d\d-\d\dT[\d:.]+Z bye\n$/,
    );
    const [table, names, events] = await watches;

    const states = table.stdout
      .split("\n")
      .filter((line) => line.startsWith("steps "))
      .map((line) => line.split(/ +/).slice(1, 3).join(" "));
    const expected = [
      "0/1 Pending",
      "0/1 Init:0/1",
      "0/1 PodInitializing",
      "1/1 Running",
      "0/1 Completed",
    ];
    expect(
      states.filter((state, index) => expected.includes(state) && states.indexOf(state) === index),
    ).toEqual(expected);
    expect(table.stdout.match(/^NAME /gm)).toHaveLength(1);
    expect(names.stdout).toMatch(/pod\/steps\n$/);
    for (const text of [
      "Successfully assigned default/steps",
      "Started container first",
      "Started container main",
    ])
      expect(events.stdout).toContain(text);
  });
});
