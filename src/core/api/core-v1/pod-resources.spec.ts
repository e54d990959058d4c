import { describe, expect, it } from "vitest";
import type { Container, PodSpec } from "../generated/core-v1.js";
import { formatQuantity } from "../meta/quantity.js";
import type { Quantity } from "../meta/quantity.js";
import { podQosClass } from "./pod-qos.js";
import { podLimits, podRequests } from "./pod-resources.js";

const container = (
  name: string,
  requests: Record<string, string>,
  limits: Record<string, string> = {},
): Container => ({ name, resources: { requests, limits } });

const sidecar = (name: string, requests: Record<string, string>): Container => ({
  ...container(name, requests),
  restartPolicy: "Always",
});

const printed = (amounts: ReadonlyMap<string, Quantity>): Record<string, string> =>
  Object.fromEntries([...amounts].map(([name, quantity]) => [name, formatQuantity(quantity)]));

describe("SCHED-2: effective requests and limits", () => {
  const app = container("app", { cpu: "2" });
  it.each<[string, PodSpec, Record<string, string>]>([
    ["apps add up", { containers: [app, container("b", { cpu: "500m" })] }, { cpu: "2500m" }],
    [
      "a larger init container decides",
      { containers: [app], initContainers: [container("i", { cpu: "3" })] },
      { cpu: "3" },
    ],
    [
      "an init container after a sidecar counts with it",
      {
        containers: [app],
        initContainers: [sidecar("s", { cpu: "1" }), container("i", { cpu: "3" })],
      },
      { cpu: "4" },
    ],
    [
      "an init container before a sidecar counts alone",
      {
        containers: [app],
        initContainers: [container("i", { cpu: "3" }), sidecar("s", { cpu: "1" })],
      },
      { cpu: "3" },
    ],
    [
      "overhead is added",
      { containers: [app], overhead: { cpu: "250m", memory: "1Mi" } },
      { cpu: "2250m", memory: "1Mi" },
    ],
    [
      "pod-level requests replace what they name",
      { containers: [app], resources: { requests: { cpu: "5", "example.com/gpu": "1" } } },
      { cpu: "5" },
    ],
  ])("%s", (_name, spec, expected) => {
    expect(printed(podRequests({ spec }))).toEqual(expected);
  });

  it("limits count overhead only where there is a limit", () => {
    const spec: PodSpec = {
      containers: [container("app", {}, { memory: "1Gi" })],
      overhead: { cpu: "1", memory: "1Gi" },
    };
    expect(printed(podLimits({ spec }))).toEqual({ memory: "2Gi" });
    expect(printed(podLimits({ spec }, { excludeOverhead: true }))).toEqual({ memory: "1Gi" });
  });

  it("counts the larger of wanted and given while a resize is under way", () => {
    const status = (reason: string) => ({
      containerStatuses: [
        {
          name: "app",
          image: "a",
          imageID: "",
          ready: true,
          restartCount: 0,
          allocatedResources: { cpu: "1" },
          resources: { requests: { cpu: "1" } },
        },
      ],
      conditions: [{ type: "PodResizePending", status: "True", reason, lastTransitionTime: "" }],
    });
    const pod = { spec: { containers: [app] } };
    expect(
      printed(podRequests({ ...pod, status: status("Deferred") }, { useStatus: true })),
    ).toEqual({ cpu: "2" });
    expect(
      printed(podRequests({ ...pod, status: status("Infeasible") }, { useStatus: true })),
    ).toEqual({ cpu: "1" });
  });
});

describe("DEF-12: quality of service", () => {
  const both = { cpu: "1", memory: "1Gi" };
  it.each<[string, PodSpec, string]>([
    ["nothing named", { containers: [container("a", {})] }, "BestEffort"],
    ["zero counts as nothing", { containers: [container("a", { cpu: "0" })] }, "BestEffort"],
    ["limits equal requests", { containers: [container("a", both, both)] }, "Guaranteed"],
    [
      "1000m equals 1",
      { containers: [container("a", { ...both, cpu: "1000m" }, both)] },
      "Guaranteed",
    ],
    ["only cpu", { containers: [container("a", { cpu: "1" }, { cpu: "1" })] }, "Burstable"],
    [
      "request below limit",
      { containers: [container("a", { ...both, cpu: "1m" }, both)] },
      "Burstable",
    ],
    [
      "an init container without limits demotes",
      { containers: [container("a", both, both)], initContainers: [container("i", {})] },
      "Burstable",
    ],
    [
      "ephemeral containers are ignored",
      { containers: [container("a", both, both)], ephemeralContainers: [{ name: "e" }] },
      "Guaranteed",
    ],
    ["other resources are ignored", { containers: [container("a", { gpu: "1" })] }, "BestEffort"],
    [
      "pod-level resources decide alone",
      { containers: [container("a", {})], resources: { requests: both, limits: both } },
      "Guaranteed",
    ],
  ])("%s", (_name, spec, expected) => {
    expect(podQosClass(spec)).toBe(expected);
  });
});
