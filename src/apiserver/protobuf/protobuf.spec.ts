import { describe, expect, it } from "vitest";
import { ProtobufWriter } from "../openapi/protobuf-writer.js";
import { parseObjectBody } from "../http/request-body.js";
import { decodeObject } from "./decode-object.js";

/** Bodies that kubectl 1.33 sends for `create`, and the objects they are. */
const SENT: readonly (readonly [string, string, unknown])[] = [
  [
    "create quota q33 --hard=pods=3,cpu=2",
    "azhzAAoTCgJ2MRINUmVzb3VyY2VRdW90YRIyChMKA3EzMxIAGgAiACoAMgA4AEIAEhkKCgoDY3B1EgMKATIKCwoEcG9kcxIDCgEzGgAaACIA",
    {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "q33" },
      spec: { hard: { cpu: "2", pods: "3" } },
      status: {},
    },
  ],
  [
    "create pdb pdb33 --selector=a=b --min-available=1",
    "azhzAAogCglwb2xpY3kvdjESE1BvZERpc3J1cHRpb25CdWRnZXQSNwoVCgVwZGIzMxIAGgAiACoAMgA4AEIAEhIKBggAEAEaABIICgYKAWESAWIaCggAGAAgACgAMAAaACIA",
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "pdb33" },
      spec: { minAvailable: 1, selector: { matchLabels: { a: "b" } } },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    },
  ],
  [
    "create service clusterip svc33 --tcp=80:8080",
    "azhzAAoNCgJ2MRIHU2VydmljZRJvCiMKBXN2YzMzEgAaACIAKgAyADgAQgBaDAoDYXBwEgVzdmMzMxJEChsKBzgwLTgwODASA1RDUBhQIgcIABCQPxoAKAASDAoDYXBwEgVzdmMzMxoAIglDbHVzdGVySVA6AEIAUgBaAGAAaAAaAgoAGgAiAA==",
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "svc33", labels: { app: "svc33" } },
      spec: {
        ports: [{ name: "80-8080", protocol: "TCP", port: 80, targetPort: 8080 }],
        selector: { app: "svc33" },
        type: "ClusterIP",
      },
      status: { loadBalancer: {} },
    },
  ],
  [
    "create secret generic s33 --from-literal=p=q",
    "azhzAAoMCgJ2MRIGU2VjcmV0Eh8KEwoDczMzEgAaACIAKgAyADgAQgASBgoBcBIBcRoAGgAiAA==",
    { apiVersion: "v1", kind: "Secret", metadata: { name: "s33" }, data: { p: "cQ==" } },
  ],
];

function envelope(apiVersion: string, kind: string, fill: (message: ProtobufWriter) => void) {
  const unknown = new ProtobufWriter()
    .message(1, (type) => type.text(1, apiVersion).text(2, kind))
    .message(2, fill)
    .finish();
  return Buffer.concat([Buffer.from("k8s\0"), unknown]);
}

describe("bodies in protobuf", () => {
  it.each(SENT)("reads what kubectl sends for %s", (_, body, expected) => {
    expect(decodeObject(Buffer.from(body, "base64"))).toEqual(expected);
  });

  it("gives fields of embedded messages to their object, and keeps a zero that was given", () => {
    const body = envelope("v1", "Pod", (pod) =>
      pod.message(2, (spec) => {
        spec.message(1, (volume) =>
          volume
            .text(1, "v")
            .message(2, (source) => source.message(2, (empty) => empty.text(1, "Memory"))),
        );
        spec.message(2, (container) => {
          container.text(1, "c");
          container.message(7, (env) =>
            env.text(1, "E").message(3, (from) =>
              from.message(3, (key) =>
                key
                  .message(1, (ref) => ref.text(1, "cm"))
                  .text(2, "k")
                  .boolean(3, true),
              ),
            ),
          );
        });
      }),
    );
    // terminationGracePeriodSeconds: 0, a pointer, and hostNetwork: false, which is none.
    const zeros = Buffer.from([0x20, 0x00, 0x58, 0x00]);
    const withZeros = envelope("v1", "Pod", (pod) => pod.text(2, zeros.toString("latin1")));
    expect(decodeObject(body)).toMatchObject({
      spec: {
        volumes: [{ name: "v", emptyDir: { medium: "Memory" } }],
        containers: [
          {
            name: "c",
            env: [
              {
                name: "E",
                valueFrom: { configMapKeyRef: { name: "cm", key: "k", optional: true } },
              },
            ],
          },
        ],
      },
    });
    expect(decodeObject(withZeros).spec).toEqual({ terminationGracePeriodSeconds: 0 });
  });

  it("reads DeleteOptions of any group", () => {
    const body = envelope("policy/v1", "DeleteOptions", (options) =>
      options
        .message(2, (preconditions) => preconditions.text(1, "uid"))
        .text(4, "Orphan")
        .texts(5, ["All"]),
    );
    expect(decodeObject(body)).toEqual({
      apiVersion: "policy/v1",
      kind: "DeleteOptions",
      preconditions: { uid: "uid" },
      propagationPolicy: "Orphan",
      dryRun: ["All"],
    });
  });

  it("keeps the name of a kind that it does not know", () => {
    const body = envelope("v9", "Nothing", (message) => message.text(1, "x"));
    expect(decodeObject(body)).toEqual({ apiVersion: "v9", kind: "Nothing" });
  });

  it.each([
    [
      "{}",
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
      "{}",
    ],
    ["k8s\0\x0a\xff", "unexpected EOF", "6b3873000a"],
    ["k8s\0\x0b", "proto: illegal wireType 3", "6b3873000b"],
    ["k8s\0\x00", "proto: illegal tag 0 (wire type 0)", "6b38730000"],
  ])("refuses %j", (text, message, summary) => {
    const body = Buffer.from(text, "latin1");
    expect(() => parseObjectBody(body, "protobuf", "Pod")).toThrow(
      `the object provided is unrecognized (must be of type Pod): ${message} (${summary}`,
    );
  });
});
