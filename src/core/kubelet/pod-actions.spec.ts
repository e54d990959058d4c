import { describe, expect, it } from "vitest";
import type { Container, Pod } from "../api/index.js";
import type { PodSandboxStatus, RuntimeContainerStatus } from "../runtime/index.js";
import type { InstanceKnowledge, ProbeOutcome } from "./instance-knowledge.js";
import { computePodActions, isNothingToDo } from "./pod-actions.js";

type State = "created" | "running" | number;

/** `number` is an exit code. Instances are given newest first. */
const instance = (name: string, state: State): RuntimeContainerStatus => ({
  id: name,
  podUid: "u",
  sandboxId: "s",
  name,
  attempt: 0,
  state: typeof state === "number" ? "exited" : state,
  image: "",
  imageRef: "",
  createdAtMs: 0,
  startedAtMs: 0,
  finishedAtMs: typeof state === "number" ? 0 : null,
  exitCode: typeof state === "number" ? state : null,
  reason: "",
  message: "",
  logPath: "",
});

const sandbox = (state: "ready" | "notready", attempt = 0): PodSandboxStatus => ({
  id: `s${attempt}`,
  podUid: "u",
  attempt,
  state,
  createdAtMs: 0,
  ip: "10.0.0.1",
});

const init = (name: string): Container => ({ name });
const sidecar = (name: string, more: Partial<Container> = {}): Container => ({
  name,
  restartPolicy: "Always",
  ...more,
});

interface Given {
  readonly policy?: string;
  readonly inits?: readonly Container[];
  readonly apps?: readonly string[];
  readonly states?: Readonly<Record<string, State>>;
  readonly sandboxes?: readonly PodSandboxStatus[];
  readonly liveness?: Readonly<Record<string, ProbeOutcome>>;
  readonly startup?: Readonly<Record<string, ProbeOutcome>>;
  readonly changed?: readonly string[];
}

const decide = (given: Given): Record<string, unknown> => {
  const pod = {
    metadata: { name: "p", namespace: "n", uid: "u" },
    spec: {
      restartPolicy: given.policy ?? "Always",
      initContainers: [...(given.inits ?? [])],
      containers: (given.apps ?? ["a"]).map((name) => ({ name })),
    },
    status: {},
  } as unknown as Pod;
  const knowledge: InstanceKnowledge = {
    livenessOf: (id) => given.liveness?.[id] ?? null,
    startupOf: (id) => given.startup?.[id] ?? null,
    isDefinitionChanged: ({ name }) => given.changed?.includes(name) === true,
    resourcesOf: () => null,
  };
  const containers = Object.entries(given.states ?? {}).map(([name, state]) =>
    instance(name, state),
  );
  const sandboxes = given.sandboxes ?? [sandbox("ready")];
  const actions = computePodActions(pod, { sandboxes, containers, ips: [] }, knowledge);
  return {
    kill: actions.killPod,
    sandbox: actions.createSandbox,
    init: actions.initContainersToStart,
    app: actions.containersToStart,
    killed: actions.containersToKill.map(({ container }) => container.name),
  };
};

const NOTHING = { kill: false, sandbox: false, init: [], app: [], killed: [] };
const twoInits = [init("i"), init("j")];

describe("what is to be done for a pod", () => {
  it.each<[string, Given, Partial<typeof NOTHING> | Record<string, unknown>]>([
    ["NET-2: nothing there yet", { sandboxes: [] }, { kill: true, sandbox: true, app: [0] }],
    [
      "INIT-1: a new sandbox begins with the first init container",
      { sandboxes: [], inits: twoInits },
      { kill: true, sandbox: true, init: [0] },
    ],
    [
      "NET-6: a lost sandbox is made anew",
      { sandboxes: [sandbox("notready")], states: { a: "running" } },
      { kill: true, sandbox: true, app: [0] },
    ],
    [
      "NET-6: but not under Never, once there were containers",
      { policy: "Never", sandboxes: [sandbox("notready")], states: { a: 1 } },
      { kill: true },
    ],
    [
      "NET-6: under OnFailure what succeeded is not run again",
      {
        policy: "OnFailure",
        apps: ["a", "b"],
        sandboxes: [sandbox("notready")],
        states: { a: 0, b: 1 },
      },
      { kill: true, sandbox: true, app: [1] },
    ],
    [
      "NET-6: nothing left to start, no new sandbox",
      { policy: "OnFailure", sandboxes: [sandbox("notready")], states: { a: 0 } },
      { kill: true },
    ],
    ["INIT-1: one runs, the next waits", { inits: twoInits, states: { i: "running" } }, {}],
    ["INIT-1: one is done, the next starts", { inits: twoInits, states: { i: 0 } }, { init: [1] }],
    ["INIT-1: all are done", { inits: twoInits, states: { j: 0, i: 0 } }, { app: [0] }],
    ["INIT-2: a failed one again", { inits: twoInits, states: { i: 1 } }, { init: [0] }],
    [
      "INIT-3: for good under Never",
      { policy: "Never", inits: twoInits, states: { i: 1 } },
      { kill: true },
    ],
    [
      "INIT-7: not again once an app was created",
      { inits: twoInits, states: { a: "running" } },
      {},
    ],
    ["INIT-10: created only", { inits: twoInits, states: { i: "created" } }, { init: [0] }],
    [
      "SIDE-2: a running sidecar lets the next begin",
      { inits: [sidecar("s"), init("i")], states: { s: "running" } },
      { init: [1] },
    ],
    [
      "SIDE-2: with a startup probe only once that has succeeded",
      { inits: [sidecar("s", { startupProbe: {} }), init("i")], states: { s: "running" } },
      {},
    ],
    [
      "SIDE-3: crashed beside a running init container, restarted",
      { inits: [sidecar("s"), init("i")], states: { i: "running", s: 1 } },
      { init: [0] },
    ],
    [
      "SIDE-3: crashed as the last one begun, the next waits",
      { inits: [sidecar("s"), init("i")], states: { s: 1 } },
      { init: [0] },
    ],
    [
      "SIDE-4: restarted under Never while an app runs",
      { policy: "Never", inits: [sidecar("s")], states: { a: "running", s: 0 } },
      { init: [0] },
    ],
    [
      "SIDE-4, SIDE-11: not once the apps are done",
      { policy: "Never", inits: [sidecar("s")], states: { a: 0, s: "running" } },
      { kill: true },
    ],
    [
      "SIDE-5: a failed liveness probe",
      {
        inits: [sidecar("s", { livenessProbe: {} })],
        states: { a: "running", s: "running" },
        liveness: { s: "failure" },
      },
      { init: [0], killed: ["s"] },
    ],
    ["RESTART-3: crashed", { states: { a: 1 } }, { app: [0] }],
    ["RESTART-3: done under OnFailure", { policy: "OnFailure", states: { a: 0 } }, { kill: true }],
    [
      "RESTART-11: changed, even under Never",
      { policy: "Never", states: { a: "running" }, changed: ["a"] },
      { app: [0], killed: ["a"] },
    ],
    [
      "RESTART-12: failed liveness",
      { states: { a: "running" }, liveness: { a: "failure" } },
      { app: [0], killed: ["a"] },
    ],
    [
      "RESTART-12: under Never another container keeps the pod",
      {
        policy: "Never",
        apps: ["a", "b"],
        states: { a: "running", b: "running" },
        startup: { a: "failure" },
      },
      { killed: ["a"] },
    ],
    ["all is well", { states: { a: "running" } }, {}],
  ])("%s", (_rule, given, expected) => {
    expect(decide(given)).toEqual({ ...NOTHING, ...expected });
  });

  it("knows when there is nothing to do", () => {
    const pod = {
      metadata: {},
      spec: { restartPolicy: "Always", containers: [{ name: "a" }] },
    } as unknown as Pod;
    const knowledge: InstanceKnowledge = {
      livenessOf: () => null,
      startupOf: () => null,
      isDefinitionChanged: () => false,
      resourcesOf: () => null,
    };
    const of = (state: State): boolean => {
      const containers = [instance("a", state)];
      const status = { sandboxes: [sandbox("ready")], containers, ips: [] };
      return isNothingToDo(computePodActions(pod, status, knowledge));
    };
    expect([of("running"), of(1)]).toEqual([true, false]);
  });
});
