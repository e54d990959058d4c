import { describe, expect, it } from "vitest";
import { podErrors } from "./testing.js";

type Fields = Record<string, unknown>;
const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const good = { name: "c", image: "i" };

describe("VAL-17: volumes", () => {
  const V = "spec.volumes[0]";
  const volume = (fields: Fields): string[] => podErrors({ volumes: [{ name: "v", ...fields }] });
  it.each<[string, Fields, string[]]>([
    ["a name that is no label", { name: "A" }, [`${V}.name: Invalid value: "A": ${LABEL_TEXT}`]],
    [
      "two sources",
      { emptyDir: {}, hostPath: { path: "/" } },
      [`${V}.hostPath: Forbidden: may not specify more than 1 volume type`],
    ],
    [
      "a host path",
      { hostPath: { path: "/a/../b", type: "x" } },
      [
        `${V}.hostPath.path: Invalid value: "/a/../b": must not contain '..'`,
        `${V}.hostPath.type: Unsupported value: "x": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"`,
      ],
    ],
    [
      "a secret",
      { secret: { defaultMode: 512, items: [{ key: "", path: "/a" }] } },
      [
        `${V}.secret.secretName: Required value`,
        `${V}.secret.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive`,
        `${V}.secret.items[0].key: Required value`,
        `${V}.secret.items[0].path: Invalid value: "/a": must be a relative path`,
      ],
    ],
    [
      "a config map",
      { configMap: { items: [{ key: "k", path: "..x" }] } },
      [
        `${V}.configMap.name: Required value`,
        `${V}.configMap.items[0].path: Invalid value: "..x": must not start with '..'`,
      ],
    ],
    [
      "the downward API",
      {
        downwardAPI: {
          items: [{ path: "p" }, { path: "q", resourceFieldRef: { resource: "limits.cpu" } }],
        },
      },
      [
        `${V}.downwardAPI: Required value: one of fieldRef and resourceFieldRef is required`,
        `${V}.downwardAPI.resourceFieldRef.containerName: Required value`,
      ],
    ],
    [
      "projected paths twice",
      {
        projected: {
          sources: [
            { secret: { name: "s", items: [{ key: "k", path: "p" }] } },
            { configMap: { name: "c", items: [{ key: "k", path: "p" }] } },
          ],
        },
      },
      [`${V}.projected: Invalid value: "c": conflicting duplicate paths`],
    ],
    [
      "a claim without a name",
      { persistentVolumeClaim: { claimName: "" } },
      [`${V}.persistentVolumeClaim.claimName: Required value`],
    ],
    [
      "an empty directory below nothing",
      { emptyDir: { sizeLimit: "-1" } },
      [`${V}.emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity`],
    ],
    [
      "NFS",
      { nfs: { server: "", path: "a" } },
      [
        `${V}.nfs.server: Required value`,
        `${V}.nfs.path: Invalid value: "a": must be an absolute path`,
      ],
    ],
    [
      "CSI",
      { csi: { driver: "" } },
      [
        `${V}.csi.driver: Required value`,
        expect.stringContaining(`${V}.csi.driver: Invalid value: ""`) as string,
      ],
    ],
    [
      "an ephemeral claim",
      { ephemeral: { volumeClaimTemplate: { metadata: { name: "x" }, spec: {} } } },
      [
        `${V}.ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set`,
        `${V}.ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access mode is required`,
        `${V}.ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value`,
      ],
    ],
  ])("%s", (_name, fields, expected) => {
    expect(volume(fields)).toEqual(expected);
  });

  it("names are unique, and an invalid volume can't be mounted", () => {
    expect(
      podErrors({
        volumes: [{ name: "v" }, { name: "v" }, { name: "w", hostPath: { path: "" } }],
        containers: [{ ...good, volumeMounts: [{ name: "w", mountPath: "/w" }] }],
      }),
    ).toEqual([
      'spec.volumes[1].name: Duplicate value: "v"',
      "spec.volumes[2].hostPath.path: Required value",
      'spec.containers[0].volumeMounts[0].name: Not found: "w"',
    ]);
  });
});
