import { describe, expect, it } from "vitest";
import type { ContainerStatus, PodCondition, PodSpec } from "../../api/index.js";
import {
  containersReadyCondition,
  initializedCondition,
  isOwnedByKubelet,
  readyCondition,
} from "./pod-conditions.js";

const status = (name: string, ready: boolean): ContainerStatus => ({
  name,
  ready,
  image: "",
  imageID: "",
  restartCount: 0,
});

const spec: PodSpec = {
  initContainers: [{ name: "s", restartPolicy: "Always" }],
  containers: [{ name: "a" }, { name: "b" }],
};

const input = (
  statuses: ContainerStatus[],
  phase = "Running",
  conditions: PodCondition[] = [],
  gates: string[] = [],
) => ({
  spec: { ...spec, readinessGates: gates.map((conditionType) => ({ conditionType })) },
  statuses,
  phase,
  conditions,
});

const allReady = [status("s", true), status("a", true), status("b", true)];

describe("conditions", () => {
  it.each([
    {
      given: "unready ones, sidecars first",
      statuses: [status("s", false), status("a", true), status("b", false)],
      message: "containers with unready status: [s b]",
    },
    {
      given: "unknown ones",
      statuses: [status("s", true), status("a", false)],
      message: "containers with unknown status: [b], containers with unready status: [a]",
    },
  ])("COND-2, SIDE-6: ContainersReady with $given", ({ statuses, message }) => {
    expect(containersReadyCondition(input(statuses))).toEqual({
      type: "ContainersReady",
      status: "False",
      reason: "ContainersNotReady",
      message,
    });
  });

  it.each([
    { given: [], message: 'corresponding condition of pod readiness gate "x/y" does not exist.' },
    {
      given: [{ type: "x/y", status: "False" }],
      message: 'the status of pod readiness gate "x/y" is not "True", but False',
    },
  ])("COND-3: readiness gate with $given", ({ given, message }) => {
    const ready = containersReadyCondition(input(allReady));
    expect(readyCondition(ready, input(allReady, "Running", given, ["x/y"]))).toEqual({
      type: "Ready",
      status: "False",
      reason: "ReadinessGatesNotReady",
      message,
    });
  });

  it("COND-3: True with the gate met; a copy of ContainersReady when that is False", () => {
    const met = [{ type: "x/y", status: "True" }];
    const ready = containersReadyCondition(input(allReady));
    expect(readyCondition(ready, input(allReady, "Running", met, ["x/y"])).status).toBe("True");
    const unready = containersReadyCondition(input([status("a", false)]));
    expect(readyCondition(unready, input([])).message).toBe(unready.message);
  });

  it("COND-5: the end of a pod has reasons of its own", () => {
    expect(containersReadyCondition(input(allReady, "Succeeded")).reason).toBe("PodCompleted");
    expect(containersReadyCondition(input(allReady, "Failed")).reason).toBe("PodFailed");
    expect(initializedCondition(input(allReady, "Succeeded"))).toMatchObject({
      status: "True",
      reason: "PodCompleted",
    });
  });

  it("COND-1: which are the kubelet's", () => {
    const types = ["Ready", "PodScheduled", "DisruptionTarget", "example.com/gate"];
    expect(types.map(isOwnedByKubelet)).toEqual([true, true, false, false]);
  });
});
