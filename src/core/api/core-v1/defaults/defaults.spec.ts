import { describe, expect, it } from "vitest";
import type { PodSpec } from "../../generated/core-v1.js";
import { decode } from "../../decode/decode.js";
import { defaultObject } from "../../defaulting.js";
import type { KubeObject } from "../../meta/kube-object.js";
import { findResource } from "../../resource-table.js";

const defaulted = (plural: string, body: Record<string, unknown>, group = ""): KubeObject => {
  const resource = findResource(group, "v1", plural);
  if (resource === undefined) throw new Error(`no row for ${plural}`);
  const once = defaultObject(resource, decode(resource, body).object);
  expect(defaultObject(resource, once), "defaulting twice changes nothing").toBe(once);
  return once;
};

const podSpec = (spec: unknown): PodSpec => {
  const pod = defaulted("pods", { metadata: { name: "a" }, spec });
  return (pod as KubeObject & { spec: PodSpec }).spec;
};
const container = (fields: Record<string, unknown>): unknown =>
  podSpec({ containers: [{ name: "c", image: "a:1", ...fields }] }).containers[0];

describe("defaults of pods", () => {
  it("DEF-1, DEF-2, DEF-3: a minimal pod", () => {
    expect(podSpec({ containers: [{ name: "c", image: "nginx" }] })).toEqual({
      containers: [
        {
          name: "c",
          image: "nginx",
          imagePullPolicy: "Always",
          resources: {},
          terminationMessagePath: "/dev/termination-log",
          terminationMessagePolicy: "File",
        },
      ],
      dnsPolicy: "ClusterFirst",
      enableServiceLinks: true,
      restartPolicy: "Always",
      schedulerName: "default-scheduler",
      securityContext: {},
      terminationGracePeriodSeconds: 30,
    });
  });

  it("DEF-1: what was given stays, zeros of pointers too", () => {
    expect(
      podSpec({ containers: [], terminationGracePeriodSeconds: 0, enableServiceLinks: false }),
    ).toMatchObject({ terminationGracePeriodSeconds: 0, enableServiceLinks: false });
  });

  it("DEF-3: ports speak TCP", () => {
    expect(container({ ports: [{ containerPort: 80 }] })).toMatchObject({
      ports: [{ containerPort: 80, protocol: "TCP" }],
    });
  });

  it("DEF-4: probes, HTTP and gRPC actions; zeros are replaced", () => {
    const times = {
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    };
    expect(
      container({
        livenessProbe: { tcpSocket: { port: 80 }, periodSeconds: 0 },
        readinessProbe: { httpGet: { port: "http" }, failureThreshold: 5 },
        startupProbe: { grpc: { port: 1 } },
        lifecycle: { preStop: { httpGet: { port: 1 } } },
      }),
    ).toMatchObject({
      livenessProbe: { tcpSocket: { port: 80 }, ...times },
      readinessProbe: {
        httpGet: { path: "/", port: "http", scheme: "HTTP" },
        ...times,
        failureThreshold: 5,
      },
      startupProbe: { grpc: { port: 1, service: "" }, ...times },
      lifecycle: { preStop: { httpGet: { path: "/", port: 1, scheme: "HTTP" } } },
    });
  });

  it("DEF-5: a limit is the request where there is none, in init containers too", () => {
    const resources = { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m" } };
    const spec = podSpec({
      containers: [{ name: "c", resources }],
      initContainers: [{ name: "i", resources: { limits: { cpu: "1" } } }],
    });
    expect(spec.containers[0]?.resources?.requests).toEqual({ cpu: "500m", memory: "1Gi" });
    expect(spec.initContainers?.[0]?.resources?.requests).toEqual({ cpu: "1" });
  });

  it("DEF-5: templates keep limits without requests", () => {
    const resources = { limits: { cpu: "1" } };
    const template = defaulted("podtemplates", {
      template: { spec: { containers: [{ name: "c", image: "a", resources }] } },
    });
    expect(template).toMatchObject({ template: { spec: { restartPolicy: "Always" } } });
    expect(JSON.stringify(template)).not.toContain("requests");
    expect(JSON.stringify(template)).not.toContain("enableServiceLinks");
  });

  it("pod-level requests follow the containers, else the limit", () => {
    const { resources } = podSpec({
      resources: { limits: { cpu: "2", memory: "1Gi" } },
      containers: [{ name: "c", resources: { requests: { cpu: "1" } } }],
    });
    expect(resources?.requests).toEqual({ cpu: "1", memory: "1Gi" });
  });

  it("amounts finer than a thousandth are rounded up", () => {
    expect(container({ resources: { requests: { cpu: "100u" } } })).toMatchObject({
      resources: { requests: { cpu: "1m" } },
    });
  });

  it("DEF-6: on the node's network each port is a host port", () => {
    const containers = [
      { name: "c", ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 82 }] },
    ];
    expect(podSpec({ hostNetwork: true, containers }).containers[0]?.ports).toMatchObject([
      { containerPort: 80, hostPort: 80 },
      { containerPort: 81, hostPort: 82 },
    ]);
    expect(podSpec({ containers }).containers[0]?.ports?.[0]).not.toHaveProperty("hostPort");
  });

  it("DEF-7: volumes", () => {
    const volumes = [
      { name: "none" },
      { name: "secret", secret: { secretName: "s" } },
      { name: "config", configMap: { name: "c", defaultMode: 0 } },
      { name: "host", hostPath: { path: "/a" } },
      {
        name: "all",
        projected: {
          sources: [
            { serviceAccountToken: { path: "t" } },
            { downwardAPI: { items: [{ path: "p", fieldRef: { fieldPath: "metadata.name" } }] } },
          ],
        },
      },
      {
        name: "down",
        downwardAPI: { items: [{ path: "p", resourceFieldRef: { resource: "limits.cpu" } }] },
      },
    ];
    expect(podSpec({ containers: [], volumes }).volumes).toEqual([
      { name: "none", emptyDir: {} },
      { name: "secret", secret: { secretName: "s", defaultMode: 420 } },
      { name: "config", configMap: { name: "c", defaultMode: 0 } },
      { name: "host", hostPath: { path: "/a", type: "" } },
      {
        name: "all",
        projected: {
          defaultMode: 420,
          sources: [
            { serviceAccountToken: { path: "t", expirationSeconds: 3600 } },
            {
              downwardAPI: {
                items: [{ path: "p", fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } }],
              },
            },
          ],
        },
      },
      {
        name: "down",
        downwardAPI: {
          defaultMode: 420,
          items: [{ path: "p", resourceFieldRef: { resource: "limits.cpu", divisor: "0" } }],
        },
      },
    ]);
  });

  it("DEF-9: serviceAccount and serviceAccountName show the same", () => {
    for (const field of ["serviceAccount", "serviceAccountName"]) {
      expect(podSpec({ containers: [], [field]: "s" })).toMatchObject({
        serviceAccount: "s",
        serviceAccountName: "s",
      });
    }
  });

  it("podIP and podIPs follow each other, podIP wins", () => {
    const status = (given: unknown): unknown =>
      (defaulted("pods", { status: given }) as KubeObject & { status: unknown }).status;
    expect(status({ podIP: "10.0.0.1" })).toMatchObject({ podIPs: [{ ip: "10.0.0.1" }] });
    expect(status({ podIPs: [{ ip: "10.0.0.1" }] })).toMatchObject({ podIP: "10.0.0.1" });
    expect(status({ podIP: "a", podIPs: [{ ip: "b" }, { ip: "c" }] })).toMatchObject({
      podIPs: [{ ip: "a" }],
    });
  });
});

describe("defaults of other kinds", () => {
  it.each<[string, string, Record<string, unknown>, unknown]>([
    [
      "secrets",
      "",
      { stringData: { a: "x" }, data: { a: "eQ==", b: "eg==" } },
      { type: "Opaque", data: { a: "eA==", b: "eg==" } },
    ],
    [
      "namespaces",
      "",
      { metadata: { name: "n" } },
      { metadata: { labels: { "kubernetes.io/metadata.name": "n" } }, status: { phase: "Active" } },
    ],
    [
      "nodes",
      "",
      { spec: { podCIDR: "10.0.0.0/24" }, status: { capacity: { cpu: "1" } } },
      { spec: { podCIDRs: ["10.0.0.0/24"] }, status: { allocatable: { cpu: "1" } } },
    ],
    [
      "persistentvolumes",
      "",
      { spec: { hostPath: { path: "/" } } },
      {
        spec: {
          persistentVolumeReclaimPolicy: "Retain",
          volumeMode: "Filesystem",
          hostPath: { type: "" },
        },
        status: { phase: "Pending" },
      },
    ],
    [
      "persistentvolumeclaims",
      "",
      {},
      { spec: { volumeMode: "Filesystem" }, status: { phase: "Pending" } },
    ],
    [
      "endpoints",
      "",
      { subsets: [{ ports: [{ port: 1 }] }] },
      { subsets: [{ ports: [{ port: 1, protocol: "TCP" }] }] },
    ],
    [
      "endpointslices",
      "discovery.k8s.io",
      { ports: [{ port: 1 }] },
      { ports: [{ name: "", port: 1, protocol: "TCP" }] },
    ],
    [
      "priorityclasses",
      "scheduling.k8s.io",
      {},
      { preemptionPolicy: "PreemptLowerPriority", value: 0 },
    ],
    [
      "storageclasses",
      "storage.k8s.io",
      {},
      { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" },
    ],
    [
      "limitranges",
      "",
      {
        spec: {
          limits: [{ type: "Container", max: { cpu: "2" }, min: { cpu: "1", memory: "1" } }],
        },
      },
      { spec: { limits: [{ default: { cpu: "2" }, defaultRequest: { cpu: "2", memory: "1" } }] } },
    ],
  ])("%s", (plural, group, body, expected) => {
    const object = defaulted(plural, body, group);
    expect(object).toMatchObject(expected as Record<string, unknown>);
    expect(object).not.toHaveProperty("stringData");
  });

  it("services", () => {
    const spec = (given: unknown): unknown =>
      (defaulted("services", { spec: given }) as KubeObject & { spec: unknown }).spec;
    expect(spec({ ports: [{ port: 80 }, { port: 81, targetPort: "web" }] })).toEqual({
      internalTrafficPolicy: "Cluster",
      ports: [
        { port: 80, protocol: "TCP", targetPort: 80 },
        { port: 81, protocol: "TCP", targetPort: "web" },
      ],
      sessionAffinity: "None",
      type: "ClusterIP",
    });
    expect(spec({ type: "LoadBalancer", sessionAffinity: "ClientIP" })).toMatchObject({
      allocateLoadBalancerNodePorts: true,
      externalTrafficPolicy: "Cluster",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
    });
    expect(spec({ type: "ExternalName", externalName: "a" })).not.toHaveProperty(
      "internalTrafficPolicy",
    );
  });
});
