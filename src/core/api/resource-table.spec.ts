import { describe, expect, it } from "vitest";
import { SCHEMA } from "./generated/schema.js";
import type { KubeObject } from "./meta/kube-object.js";
import {
  apiVersionOf,
  findKind,
  findResource,
  groupResourceOf,
  groupVersions,
  resourceByStorage,
  resourceOf,
  RESOURCES,
  splitApiVersion,
} from "./resource-table.js";

describe("resource table", () => {
  it("every row has a schema of its kind, and of its list", () => {
    for (const resource of RESOURCES) {
      const { group, version, kind } = resource;
      expect(SCHEMA[resource.schema]?.gvk).toEqual({ group, version, kind });
      expect(SCHEMA[`${resource.schema}List`]?.gvk?.kind).toBe(resource.listKind);
    }
  });

  it("names are unique within a group-version, short names within the cluster but for events", () => {
    const names = RESOURCES.map(({ group, plural }) => `${group}/${plural}`);
    expect(new Set(names).size).toBe(names.length);
    const short = RESOURCES.filter(({ group }) => group !== "events.k8s.io").flatMap(
      ({ shortNames }) => shortNames,
    );
    expect(new Set(short).size).toBe(short.length);
  });

  it("looks up", () => {
    expect(findResource("", "v1", "pods")?.kind).toBe("Pod");
    expect(findResource("", "v2", "pods")).toBeUndefined();
    expect(findKind("policy", "v1", "PodDisruptionBudget")?.plural).toBe("poddisruptionbudgets");
    expect(resourceOf({ apiVersion: "coordination.k8s.io/v1", kind: "Lease" })?.storage).toBe(
      "leases.coordination.k8s.io",
    );
    expect(resourceByStorage("events").group).toBe("");
    expect(() => resourceByStorage("nothing")).toThrow("no resource is stored as nothing");
    expect(groupVersions().map(apiVersionOf)).toEqual([
      "v1",
      "apps/v1",
      "coordination.k8s.io/v1",
      "discovery.k8s.io/v1",
      "events.k8s.io/v1",
      "node.k8s.io/v1",
      "policy/v1",
      "scheduling.k8s.io/v1",
      "storage.k8s.io/v1",
    ]);
    expect(splitApiVersion("apps/v1")).toEqual({ group: "apps", version: "v1" });
    expect(groupResourceOf({ group: "policy", plural: "x" })).toBe("x.policy");
  });

  it.each<[string, Record<string, unknown>, Record<string, string>]>([
    [
      "pods",
      {
        spec: { containers: [], nodeName: "n", restartPolicy: "Always" },
        status: { phase: "Running", podIP: "10.0.0.1" },
      },
      {
        "metadata.name": "a",
        "metadata.namespace": "ns",
        "spec.nodeName": "n",
        "spec.restartPolicy": "Always",
        "spec.schedulerName": "",
        "spec.serviceAccountName": "",
        "spec.hostNetwork": "false",
        "status.phase": "Running",
        "status.podIP": "10.0.0.1",
        "status.nominatedNodeName": "",
      },
    ],
    [
      "nodes",
      { spec: { unschedulable: true } },
      { "metadata.name": "a", "metadata.namespace": "ns", "spec.unschedulable": "true" },
    ],
    [
      "secrets",
      { type: "Opaque" },
      { "metadata.name": "a", "metadata.namespace": "ns", type: "Opaque" },
    ],
  ])("API-11: selectable fields of %s", (plural, fields, expected) => {
    const resource = findResource("", "v1", plural);
    const object = { metadata: { name: "a", namespace: "ns" }, ...fields };
    expect(resource?.selectableFields(object as unknown as KubeObject)).toEqual(expected);
    for (const label of Object.keys(expected).filter((name) => !name.startsWith("metadata."))) {
      expect(resource?.fieldLabels).toContain(label);
    }
  });

  it("API-11: the source of an event is its reporter where it has none", () => {
    const events = findResource("events.k8s.io", "v1", "events");
    const event = { metadata: { name: "a" }, involvedObject: {}, reportingComponent: "kubelet" };
    expect(events?.selectableFields(event as unknown as KubeObject).source).toBe("kubelet");
  });
});
