import { describe, expect, it } from "vitest";
import type { ContainerState, ContainerStatus, PodSpec } from "../../api/index.js";
import { podPhase } from "./pod-phase.js";

const running: ContainerState = { running: {} };
const ended = (exitCode: number): ContainerState => ({ terminated: { exitCode } });
const waiting: ContainerState = { waiting: { reason: "ContainerCreating" } };

const status = (
  name: string,
  state: ContainerState,
  more: Partial<ContainerStatus> = {},
): ContainerStatus => ({
  name,
  state,
  image: "",
  imageID: "",
  ready: false,
  restartCount: 0,
  ...more,
});

const backingOff = (name: string, exitCode: number): ContainerStatus =>
  status(name, waiting, { lastState: ended(exitCode) });

const apps = (restartPolicy: string, count = 1): PodSpec => ({
  restartPolicy,
  containers: ["a", "b", "c"].slice(0, count).map((name) => ({ name })),
});

const withInit = (restartPolicy: string, isSidecar = false): PodSpec => ({
  ...apps(restartPolicy),
  initContainers: [{ name: "i", ...(isSidecar ? { restartPolicy: "Always" } : {}) }],
});

describe("the phase of a pod", () => {
  it.each([
    ["PHASE-1", "Never", status("i", ended(1)), "Failed"],
    ["PHASE-1", "Never", backingOff("i", 1), "Failed"],
    ["PHASE-2", "Always", status("i", running), "Pending"],
    ["PHASE-2", "Always", status("i", waiting), "Pending"],
  ])("%s: an init container under %s: %o is %s", (_rule, policy, init, phase) => {
    const statuses = [init, status("a", waiting)];
    expect(podPhase(withInit(policy), statuses, false)).toBe(phase);
  });

  it("PHASE-2, SIDE-7: a sidecar that has not started keeps it Pending until an app has", () => {
    const spec = withInit("Always", true);
    const sidecar = status("i", running, { started: false });
    expect(podPhase(spec, [sidecar, status("a", waiting)], false)).toBe("Pending");
    expect(podPhase(spec, [sidecar, status("a", running)], false)).toBe("Running");
  });

  it("SIDE-7: a sidecar that ran and is down does not count", () => {
    const spec = withInit("Always", true);
    expect(podPhase(spec, [backingOff("i", 1), status("a", running)], false)).toBe("Running");
    expect(podPhase(spec, [status("i", ended(1)), status("a", running)], false)).toBe("Running");
  });

  it.each([
    ["PHASE-3", [status("a", running), status("b", waiting)], "Pending"],
    ["PHASE-4", [status("a", running), status("b", ended(1))], "Running"],
    ["PHASE-6", [status("a", running), backingOff("b", 1)], "Running"],
    ["PHASE-6", [status("a", running)], "Pending"],
  ])("%s: two apps: %o is %s", (_rule, statuses, phase) => {
    expect(podPhase(apps("Always", 2), statuses, false)).toBe(phase);
  });

  it.each([
    ["Always", [0], false, "Running"],
    ["Always", [1], false, "Running"],
    ["OnFailure", [0], false, "Succeeded"],
    ["OnFailure", [1], false, "Running"],
    ["OnFailure", [0, 1], false, "Running"],
    ["Never", [0, 0], false, "Succeeded"],
    ["Never", [0, 1], false, "Failed"],
    ["Always", [0], true, "Succeeded"],
    ["Always", [0, 1], true, "Failed"],
    ["OnFailure", [1], true, "Failed"],
  ])("PHASE-5: under %s exits %o (terminal: %s) are %s", (policy, exits, isTerminal, phase) => {
    const statuses = exits.map((exitCode, index) =>
      status(["a", "b"][index] ?? "", ended(exitCode)),
    );
    expect(podPhase(apps(policy, exits.length), statuses, isTerminal)).toBe(phase);
  });

  it("PHASE-7: under Never it runs until the last app has ended", () => {
    const statuses = [status("a", ended(1)), status("b", running)];
    expect(podPhase(apps("Never", 2), statuses, false)).toBe("Running");
  });
});
