import { describe, expect, it } from "vitest";
import { CREATED, printed, resource } from "./testing/fixtures.js";
import type { Golden } from "./testing/fixtures.js";

const VOLUMES: readonly Golden[] = [
  [
    "a claim that is bound",
    "persistentvolumeclaims",
    "",
    {
      spec: { volumeName: "pv-1", storageClassName: "fast", volumeMode: "Filesystem" },
      status: {
        phase: "Bound",
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteMany", "ReadWriteOnce", "ReadWriteOnce"],
      },
    },
    {
      NAME: "a",
      STATUS: "Bound",
      VOLUME: "pv-1",
      CAPACITY: "1Gi",
      "ACCESS MODES": "RWO,RWX",
      STORAGECLASS: "fast",
      VOLUMEATTRIBUTESCLASS: "<unset>",
      AGE: "60m",
      "<VOLUMEMODE>": "Filesystem",
    },
  ],
  [
    "a claim that waits and is being deleted",
    "persistentvolumeclaims",
    "",
    {
      metadata: {
        deletionTimestamp: CREATED,
        annotations: { "volume.beta.kubernetes.io/storage-class": "old" },
      },
      spec: { storageClassName: "new" },
      status: { phase: "Pending" },
    },
    {
      NAME: "a",
      STATUS: "Terminating",
      VOLUME: "",
      CAPACITY: "",
      "ACCESS MODES": "",
      STORAGECLASS: "old",
      VOLUMEATTRIBUTESCLASS: "<unset>",
      AGE: "60m",
      "<VOLUMEMODE>": "<unset>",
    },
  ],
  [
    "a persistent volume",
    "persistentvolumes",
    "",
    {
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadOnlyMany", "ReadWriteOncePod"],
        persistentVolumeReclaimPolicy: "Retain",
        claimRef: { namespace: "default", name: "data" },
        storageClassName: "fast",
        volumeMode: "Block",
      },
      status: { phase: "Bound", reason: "x" },
    },
    {
      NAME: "a",
      CAPACITY: "1Gi",
      "ACCESS MODES": "ROX,RWOP",
      "RECLAIM POLICY": "Retain",
      STATUS: "Bound",
      CLAIM: "default/data",
      STORAGECLASS: "fast",
      VOLUMEATTRIBUTESCLASS: "<unset>",
      REASON: "x",
      AGE: "60m",
      "<VOLUMEMODE>": "Block",
    },
  ],
];

describe("tables of volumes", () => {
  it.each([...VOLUMES])("%s", (_title, plural, group, given, expected) => {
    expect(printed(resource(plural, group), given)).toEqual(expected);
  });
});
