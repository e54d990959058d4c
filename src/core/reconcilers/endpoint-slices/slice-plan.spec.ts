import { describe, expect, it } from "vitest";
import type { EndpointSlice, Service } from "../../api/index.js";
import { MAX_ENDPOINTS_PER_SLICE } from "../limits.js";
import { portKey, sliceLabels, type SliceEndpoint, type SlicePort } from "./slice-draft.js";
import { planSlices, type SlicePlan } from "./slice-plan.js";

const SERVICE: Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: {
    name: "web",
    namespace: "default",
    uid: "s",
    resourceVersion: "1",
    creationTimestamp: "2026-01-01T00:00:00Z",
  },
  spec: { clusterIP: "10.96.0.7", selector: { app: "web" } },
  status: {},
};
const HTTP: readonly SlicePort[] = [{ name: "", protocol: "TCP", port: 80 }];

const endpoint = (number: number, ready = true): SliceEndpoint => ({
  addresses: [`10.244.${number >> 8}.${number & 255}`],
  conditions: { ready },
  targetRef: { kind: "Pod", namespace: "default", name: `p${number}` },
});
const range = (from: number, to: number): SliceEndpoint[] =>
  Array.from({ length: to - from }, (_, index) => endpoint(from + index));

const slice = (
  name: string,
  endpoints: SliceEndpoint[],
  ports = HTTP,
  uid = "s",
): EndpointSlice => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    name,
    namespace: "default",
    uid: name,
    resourceVersion: "1",
    creationTimestamp: "2026-01-01T00:00:00Z",
    labels: sliceLabels(SERVICE),
    ownerReferences: [{ apiVersion: "v1", kind: "Service", name: "web", uid }],
  },
  addressType: "IPv4",
  endpoints,
  ports: [...ports],
});

const sizes = ({ create, update, remove }: SlicePlan) => ({
  create: create.map(({ endpoints }) => endpoints.length),
  update: update.map(({ name, endpoints }) => [name, endpoints.length]),
  remove,
});

const plan = (endpoints: SliceEndpoint[], existing: EndpointSlice[], ports = HTTP) =>
  sizes(
    planSlices(
      SERVICE,
      new Map(endpoints.length === 0 ? [] : [[portKey(ports), { ports, endpoints }]]),
      existing,
    ),
  );

const NOTHING = { create: [], update: [], remove: [] };

describe("planSlices", () => {
  it.each<[string, SliceEndpoint[], EndpointSlice[], Partial<ReturnType<typeof plan>>]>([
    [
      "fills slices up to the limit",
      range(0, MAX_ENDPOINTS_PER_SLICE + 1),
      [],
      { create: [100, 1] },
    ],
    ["leaves alone what is right", range(0, 3), [slice("a", range(0, 3))], {}],
    [
      "puts more into a slice with room",
      range(0, 5),
      [slice("a", range(0, 3))],
      { update: [["a", 5]] },
    ],
    [
      "leaves a full slice alone and makes another",
      range(0, 101),
      [slice("a", range(0, 100))],
      { create: [1] },
    ],
    [
      "fills what changes anyway before what does not",
      [...range(1, 50), ...range(100, 150), endpoint(200)],
      [slice("a", range(0, 50)), slice("b", range(100, 150))],
      { update: [["a", 50]] },
    ],
    [
      "drops a slice that has become empty",
      range(0, 3),
      [slice("a", range(0, 3)), slice("b", range(10, 12))],
      { remove: ["b"] },
    ],
    [
      "writes a change of readiness",
      [endpoint(0, false)],
      [slice("a", range(0, 1))],
      { update: [["a", 1]] },
    ],
    ["makes one empty slice for no endpoints", [], [], { create: [0] }],
    [
      "turns the last slice into the empty one",
      [],
      [slice("a", range(0, 2))],
      { update: [["a", 0]] },
    ],
    ["keeps the empty one", [], [slice("a", [], [])], {}],
    [
      "uses the empty one for the first endpoint",
      range(0, 1),
      [slice("a", [], [])],
      { update: [["a", 1]] },
    ],
    [
      "lets the slices of an earlier Service of the name go",
      range(0, 1),
      [slice("a", range(0, 1), HTTP, "earlier")],
      { create: [1], remove: ["a"] },
    ],
  ])("%s", (_name, endpoints, existing, expected) => {
    expect(plan(endpoints, existing)).toEqual({ ...NOTHING, ...expected });
  });

  it("takes over new labels of the Service", () => {
    const service = { ...SERVICE, metadata: { ...SERVICE.metadata, labels: { tier: "front" } } };
    const endpoints = range(0, 1);
    const desired = new Map([[portKey(HTTP), { ports: HTTP, endpoints }]]);
    const { update } = planSlices(service, desired, [slice("a", endpoints)]);
    expect(update.map(({ labels }) => labels)).toEqual([sliceLabels(service)]);
  });
});
