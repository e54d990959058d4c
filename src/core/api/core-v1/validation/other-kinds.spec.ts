import { describe, expect, it } from "vitest";
import { errorText } from "../../meta/field-error.js";
import { validateCreate } from "../../validating.js";
import { admitted, createErrors, row, updateErrors } from "./testing.js";

type Fields = Record<string, unknown>;

describe("validation of other kinds", () => {
  it.each<[string, string, Fields, string[]]>([
    [
      "namespaces",
      "",
      { metadata: { name: "a.b" } },
      ['metadata.name: Invalid value: "a.b": must not contain dots'],
    ],
    [
      "nodes",
      "",
      { spec: { taints: [{ key: "k", effect: "" }] } },
      ["metadata.taints[0].effect: Required value"],
    ],
    [
      "nodes",
      "",
      {
        spec: {
          taints: [
            { key: "k", effect: "NoSchedule" },
            { key: "k", effect: "NoSchedule", value: "v" },
          ],
        },
      },
      [
        'metadata.taints[1]: Duplicate value: {"effect":"NoSchedule","key":"k","value":"v"}: taints must be unique by key and effect pair',
      ],
    ],
    [
      "nodes",
      "",
      { spec: { podCIDR: "x" } },
      [
        'spec.podCIDRs[0]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    ],
    [
      "nodes",
      "",
      { status: { capacity: { pods: "500m" } } },
      [
        'status.capacity.pods: Invalid value: "500m": must be an integer',
        'status.allocatable.pods: Invalid value: "500m": must be an integer',
      ],
    ],
    [
      "configmaps",
      "",
      { data: { "a/b": "1", both: "" }, binaryData: { both: "" } },
      [
        "data[a/b]: Invalid value: \"a/b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        'data[both]: Invalid value: "both": duplicate of key present in binaryData',
      ],
    ],
    [
      "configmaps",
      "",
      { data: { a: "x".repeat(1048577) } },
      [": Too long: may not be more than 1048576 bytes"],
    ],
    ["configmaps", "", { data: { a: "x".repeat(1048576) } }, []],
    [
      "secrets",
      "",
      { type: "kubernetes.io/tls" },
      ["data[tls.crt]: Required value", "data[tls.key]: Required value"],
    ],
    [
      "secrets",
      "",
      { type: "kubernetes.io/dockerconfigjson", stringData: { ".dockerconfigjson": "[]" } },
      [
        'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": json: cannot unmarshal array into Go value of type map[string]interface {}',
      ],
    ],
    [
      "secrets",
      "",
      { type: "kubernetes.io/dockerconfigjson", stringData: { ".dockerconfigjson": "{}" } },
      [],
    ],
    ["services", "", { spec: {} }, ["spec.ports: Required value"]],
    [
      "services",
      "",
      { metadata: { name: "1a" }, spec: { clusterIP: "None", clusterIPs: ["None"] } },
      [expect.stringContaining("a DNS-1035 label must consist of") as string],
    ],
    [
      "services",
      "",
      { spec: { ports: [{ port: 80 }, { name: "a", port: 80, nodePort: 1 }] } },
      [
        "spec.ports[0].name: Required value",
        "spec.ports[1].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
        'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
      ],
    ],
    [
      "services",
      "",
      { spec: { type: "ExternalName", externalName: "" } },
      ["spec.externalName: Required value"],
    ],
    [
      "services",
      "",
      { spec: { type: "x", ports: [{ port: 1 }] } },
      [
        'spec.type: Unsupported value: "x": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      ],
    ],
    [
      "services",
      "",
      { spec: { ports: [{ port: 1 }], clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.2"] } },
      ['spec.clusterIPs: Invalid value: ["10.0.0.2"]: first value must match `clusterIP`'],
    ],
    [
      "services",
      "",
      { spec: { ports: [{ port: 1 }], externalIPs: ["127.0.0.1"] } },
      [
        'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
    [
      "endpoints",
      "",
      { subsets: [{ addresses: [{ ip: "169.254.0.1" }], ports: [{ port: 0 }] }] },
      [
        'subsets[0].addresses[0].ip: Invalid value: "169.254.0.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
        "subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      ],
    ],
    [
      "events",
      "",
      { involvedObject: { namespace: "other" } },
      ['involvedObject.namespace: Invalid value: "other": does not match event.namespace'],
    ],
    ["events", "", { involvedObject: {} }, []],
    [
      "persistentvolumes",
      "",
      { spec: { local: { path: "/a" } } },
      [
        "spec.accessModes: Required value",
        "spec.capacity: Required value",
        'spec.capacity: Unsupported value: {}: supported values: "storage"',
        "spec.nodeAffinity: Required value: Local volume requires node affinity",
      ],
    ],
    [
      "persistentvolumes",
      "",
      {
        spec: {
          capacity: { storage: "1Gi" },
          accessModes: ["ReadWriteOnce", "ReadWriteOncePod"],
          hostPath: { path: "/" },
          persistentVolumeReclaimPolicy: "Recycle",
        },
      },
      [
        "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes",
        "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
      ],
    ],
    [
      "persistentvolumeclaims",
      "",
      { spec: { accessModes: ["x"], resources: { requests: { storage: "0" } } } },
      [
        'spec.accessModes: Unsupported value: "x": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
        'spec.resources[storage]: Invalid value: "0": must be greater than zero',
      ],
    ],
    [
      "limitranges",
      "",
      { spec: { limits: [{ type: "Container", min: { cpu: "2" }, max: { cpu: "1" } }] } },
      [
        'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
        'spec.limits[0].defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1',
        'spec.limits[0].default[cpu]: Invalid value: "2": min value 2 is greater than default value 1',
      ],
    ],
    [
      "resourcequotas",
      "",
      { spec: { hard: { pods: "1.5", nonsense: "1" }, scopes: ["BestEffort", "NotBestEffort"] } },
      [
        'spec.hard[pods]: Invalid value: "1500m": must be an integer',
        'spec.hard[nonsense]: Invalid value: "nonsense": must be a standard resource type or fully qualified',
        'spec.hard[nonsense]: Invalid value: "nonsense": must be a standard resource for quota',
        'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes',
      ],
    ],
    [
      "podtemplates",
      "",
      { template: { spec: { containers: [], ephemeralContainers: [{ name: "e", image: "i" }] } } },
      [
        "template.spec.containers: Required value",
        "template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template",
      ],
    ],
    [
      "leases",
      "coordination.k8s.io",
      { spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } },
      [
        "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
        "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
      ],
    ],
    [
      "endpointslices",
      "discovery.k8s.io",
      { addressType: "IPv4", endpoints: [{ addresses: ["::1"] }] },
      [
        'endpoints[0].addresses[0]: Invalid value: "::1": must be a valid IPv4 address',
        'endpoints[0].addresses[0]: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
    [
      "poddisruptionbudgets",
      "policy",
      {
        spec: {
          minAvailable: "101%",
          selector: { matchExpressions: [{ key: "a", operator: "In" }] },
        },
      },
      [
        'spec.minAvailable: Invalid value: "101%": must not be greater than 100%',
        "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      ],
    ],
    [
      "poddisruptionbudgets",
      "policy",
      { metadata: { labels: { "a b": "" } } },
      [expect.stringContaining("metadata.labels: Invalid value") as string],
    ],
    [
      "priorityclasses",
      "scheduling.k8s.io",
      { value: 1000000001 },
      ["value: Forbidden: maximum allowed value of a user defined priority is 1000000000"],
    ],
    [
      "priorityclasses",
      "scheduling.k8s.io",
      { metadata: { name: "system-x" } },
      [
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-x is not a known system priority class",
      ],
    ],
    [
      "priorityclasses",
      "scheduling.k8s.io",
      { metadata: { name: "system-node-critical" }, value: 2000001000 },
      [],
    ],
    [
      "runtimeclasses",
      "node.k8s.io",
      { handler: "a.b" },
      ['handler: Invalid value: "a.b": must not contain dots'],
    ],
    [
      "storageclasses",
      "storage.k8s.io",
      { provisioner: "", volumeBindingMode: "x" },
      [
        "provisioner: Required value",
        'volumeBindingMode: Unsupported value: "x": supported values: "Immediate", "WaitForFirstConsumer"',
      ],
    ],
    [
      "serviceaccounts",
      "",
      { metadata: { name: "A" } },
      [expect.stringContaining("metadata.name: Invalid value") as string],
    ],
  ])("%s (%s): %j", (plural, group, body, expected) => {
    expect(createErrors(row(plural, group), body)).toEqual(expected);
  });

  it("cluster-scoped objects have no namespace", () => {
    expect(createErrors(row("nodes"), { metadata: { namespace: "x" } })).toEqual([
      "metadata.namespace: Forbidden: not allowed on this type",
    ]);
  });

  it("events through events.k8s.io are checked strictly", () => {
    const eventTime = "2020-01-01T00:00:00.000000Z";
    const event = {
      eventTime,
      involvedObject: { namespace: "default" },
      reportingComponent: "kubelet",
      reportingInstance: "node-1",
      action: "Pulling",
      reason: "Pulling",
      type: "Normal",
    };
    const errors = (fields: Fields, group: string): string[] => {
      // The stored form is core/v1's, whichever group the request came through.
      const object = admitted(row("events"), { ...event, ...fields });
      return validateCreate(row("events", group), object).map(errorText);
    };
    expect(errors({}, "events.k8s.io")).toEqual([]);
    expect(errors({ type: "x", count: 1 }, "")).toEqual([]);
    expect(errors({ type: "x", count: 1, series: { count: 1 } }, "events.k8s.io")).toEqual([
      'series.count: Invalid value: "": should be at least 2',
      "series.lastObservedTime: Required value",
      'type: Invalid value: "": has invalid value: x',
      'count: Invalid value: "": needs to be unset',
    ]);
    expect(errors({ action: "", reportingComponent: "" }, "")).toEqual([
      "reportingController: Required value",
      'reportingController: Invalid value: "": name part must be non-empty',
      expect.stringContaining('reportingController: Invalid value: "": name part must consist of'),
      "action: Required value",
    ]);
  });

  it.each<[string, string, Fields, Fields, string | undefined, string[]]>([
    [
      "configmaps",
      "",
      { immutable: true, data: { a: "2" } },
      { immutable: true, data: { a: "1" } },
      undefined,
      ["data: Forbidden: field is immutable when `immutable` is set"],
    ],
    [
      "secrets",
      "",
      { type: "a" },
      { type: "b" },
      undefined,
      ['type: Invalid value: "a": field is immutable'],
    ],
    [
      "nodes",
      "",
      { spec: { podCIDR: "10.0.1.0/24" } },
      { spec: { podCIDR: "10.0.0.0/24" } },
      undefined,
      ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid'],
    ],
    [
      "namespaces",
      "",
      { status: { phase: "Terminating" } },
      {},
      "status",
      [
        "status.Phase: Invalid value: \"Terminating\": may only be 'Active' if `deletionTimestamp` is empty",
      ],
    ],
    [
      "services",
      "",
      { spec: { ports: [{ port: 1 }], clusterIP: "10.0.0.2", clusterIPs: ["10.0.0.2"] } },
      { spec: { ports: [{ port: 1 }], clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1"] } },
      undefined,
      ['spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: may not change once set'],
    ],
    [
      "priorityclasses",
      "scheduling.k8s.io",
      { value: 2 },
      { value: 1 },
      undefined,
      ["value: Forbidden: may not be changed in an update."],
    ],
    [
      "storageclasses",
      "storage.k8s.io",
      { provisioner: "b/c" },
      { provisioner: "a/c" },
      undefined,
      ["provisioner: Forbidden: updates to provisioner are forbidden."],
    ],
    [
      "poddisruptionbudgets",
      "policy",
      { status: { currentHealthy: -1 } },
      {},
      "status",
      ["status.currentHealthy: Invalid value: -1: must be greater than or equal to 0"],
    ],
    [
      "resourcequotas",
      "",
      { spec: { scopes: ["BestEffort"] } },
      {},
      undefined,
      ['spec.scopes: Invalid value: ["BestEffort"]: field is immutable'],
    ],
  ])("update of %s (%s)", (plural, group, next, previous, subresource, expected) => {
    expect(updateErrors(row(plural, group), next, previous, subresource)).toEqual(expected);
  });

  it("claims are fixed but for size and class once bound", () => {
    const claims = row("persistentvolumeclaims");
    const claim = (storage: string, more: Fields = {}, phase = "Pending"): Fields => ({
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } }, ...more },
      status: { phase, capacity: { storage: "1Gi" } },
    });
    expect(updateErrors(claims, claim("2Gi", {}, "Bound"), claim("1Gi", {}, "Bound"))).toEqual([]);
    expect(updateErrors(claims, claim("1Gi", { volumeName: "v" }), claim("1Gi"))).toEqual([]);
    expect(updateErrors(claims, claim("1Gi", { storageClassName: "s" }), claim("1Gi"))).toEqual([]);
    const refused = updateErrors(claims, claim("2Gi"), claim("1Gi"));
    expect(refused).toEqual([
      expect.stringContaining(
        "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n",
      ),
    ]);
  });

  it("volumes stay where they are", () => {
    const volume = (path: string): Fields => ({
      spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path } },
    });
    expect(updateErrors(row("persistentvolumes"), volume("/b"), volume("/a"))).toEqual([
      expect.stringContaining("spec.persistentvolumesource is immutable after creation"),
    ]);
  });
});
