import { describe, expect, it } from "vitest";
import { printed, resource } from "./testing/fixtures.js";
import type { Golden } from "./testing/fixtures.js";

const NODE_INFO = {
  kubeletVersion: "v1.34.0",
  osImage: "Debian",
  kernelVersion: "6.1",
  containerRuntimeVersion: "containerd://2.0",
};

const CLUSTER: readonly Golden[] = [
  [
    "a node that is ready",
    "nodes",
    "",
    {
      metadata: {
        labels: {
          "node-role.kubernetes.io/control-plane": "",
          "kubernetes.io/role": "agent",
          "node-role.kubernetes.io/": "x",
        },
      },
      spec: {},
      status: {
        nodeInfo: NODE_INFO,
        conditions: [
          { type: "MemoryPressure", status: "False" },
          { type: "Ready", status: "True" },
        ],
        addresses: [
          { type: "Hostname", address: "a" },
          { type: "InternalIP", address: "172.18.0.2" },
        ],
      },
    },
    {
      NAME: "a",
      STATUS: "Ready",
      ROLES: "agent,control-plane",
      AGE: "60m",
      VERSION: "v1.34.0",
      "<INTERNAL-IP>": "172.18.0.2",
      "<EXTERNAL-IP>": "<none>",
      "<OS-IMAGE>": "Debian",
      "<KERNEL-VERSION>": "6.1",
      "<CONTAINER-RUNTIME>": "containerd://2.0",
    },
  ],
  [
    "a cordoned node that is not ready and says nothing of itself",
    "nodes",
    "",
    {
      spec: { unschedulable: true },
      status: { conditions: [{ type: "Ready", status: "Unknown" }] },
    },
    {
      NAME: "a",
      STATUS: "NotReady,SchedulingDisabled",
      ROLES: "<none>",
      AGE: "60m",
      VERSION: "",
      "<INTERNAL-IP>": "<none>",
      "<EXTERNAL-IP>": "<none>",
      "<OS-IMAGE>": "<unknown>",
      "<KERNEL-VERSION>": "<unknown>",
      "<CONTAINER-RUNTIME>": "<unknown>",
    },
  ],
  [
    "a namespace",
    "namespaces",
    "",
    { spec: {}, status: { phase: "Terminating" } },
    { NAME: "a", STATUS: "Terminating", AGE: "60m" },
  ],
  [
    "a lease",
    "leases",
    "coordination.k8s.io",
    { spec: { holderIdentity: "node-1" } },
    { NAME: "a", HOLDER: "node-1", AGE: "60m" },
  ],
  [
    "a priority class",
    "priorityclasses",
    "scheduling.k8s.io",
    { value: 1000, preemptionPolicy: "Never" },
    { NAME: "a", VALUE: 1000, "GLOBAL-DEFAULT": false, AGE: "60m", PREEMPTIONPOLICY: "Never" },
  ],
  [
    "a runtime class",
    "runtimeclasses",
    "node.k8s.io",
    { handler: "runsc" },
    { NAME: "a", HANDLER: "runsc", AGE: "60m" },
  ],
  [
    "the default storage class",
    "storageclasses",
    "storage.k8s.io",
    {
      metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: "peapod.sim/node",
      volumeBindingMode: "WaitForFirstConsumer",
    },
    {
      NAME: "a (default)",
      PROVISIONER: "peapod.sim/node",
      RECLAIMPOLICY: "Delete",
      VOLUMEBINDINGMODE: "WaitForFirstConsumer",
      ALLOWVOLUMEEXPANSION: false,
      AGE: "60m",
    },
  ],
  [
    "a storage class that says all",
    "storageclasses",
    "storage.k8s.io",
    { provisioner: "p", reclaimPolicy: "Retain", allowVolumeExpansion: true },
    {
      NAME: "a",
      PROVISIONER: "p",
      RECLAIMPOLICY: "Retain",
      VOLUMEBINDINGMODE: "Immediate",
      ALLOWVOLUMEEXPANSION: true,
      AGE: "60m",
    },
  ],
];

describe("tables of the cluster", () => {
  it.each([...CLUSTER])("%s", (_title, plural, group, given, expected) => {
    expect(printed(resource(plural, group), given)).toEqual(expected);
  });
});
