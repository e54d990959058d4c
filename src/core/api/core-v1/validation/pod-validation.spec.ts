import { describe, expect, it } from "vitest";
import { podErrors } from "./testing.js";

type Fields = Record<string, unknown>;
const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const C = "spec.containers[0]";
const I = "spec.initContainers[0]";
const good = { name: "c", image: "i" };

describe("validation of a new pod", () => {
  it("a minimal pod is valid, and one that uses nearly everything", () => {
    expect(podErrors({})).toEqual([]);
    const everything = {
      initContainers: [
        { name: "init", image: "i" },
        {
          name: "side",
          image: "i",
          restartPolicy: "Always",
          startupProbe: { exec: { command: ["true"] } },
          lifecycle: { preStop: { sleep: { seconds: 0 } } },
        },
      ],
      containers: [
        {
          ...good,
          ports: [{ name: "http", containerPort: 80, hostPort: 80 }],
          env: [
            { name: "A", value: "1" },
            { name: "B", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
            { name: "L", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
            { name: "R", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
            { name: "S", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
          ],
          envFrom: [{ prefix: "P_", configMapRef: { name: "c" } }],
          resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m" } },
          volumeMounts: [{ name: "v", mountPath: "/v", subPath: "a/b", readOnly: true }],
          livenessProbe: { httpGet: { port: "http" } },
          readinessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 },
          securityContext: { runAsUser: 0, capabilities: { add: ["NET_ADMIN"] } },
        },
      ],
      volumes: [
        { name: "v", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
        {
          name: "p",
          projected: {
            sources: [
              { serviceAccountToken: { path: "token", expirationSeconds: 3607 } },
              { configMap: { name: "kube-root-ca.crt", items: [{ key: "k", path: "ca.crt" }] } },
              {
                downwardAPI: {
                  items: [{ path: "ns", fieldRef: { fieldPath: "metadata.namespace" } }],
                },
              },
            ],
          },
        },
      ],
      serviceAccountName: "default",
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: "k", operator: "In", values: ["v"] }] },
            ],
          },
        },
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 1,
              podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: {} },
            },
          ],
        },
      },
      tolerations: [
        { key: "k", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
        { operator: "Exists" },
      ],
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", labelSelector: {} },
      ],
      dnsPolicy: "None",
      dnsConfig: {
        nameservers: ["10.0.0.10"],
        searches: ["a.b", "_c.d", "."],
        options: [{ name: "x" }],
      },
      hostAliases: [{ ip: "::1", hostnames: ["a.b"] }],
      activeDeadlineSeconds: 1,
      securityContext: { fsGroup: 1, sysctls: [{ name: "net.ipv4.tcp_syncookies", value: "1" }] },
    };
    expect(podErrors(everything)).toEqual([]);
  });

  it.each<[string, Fields, string[]]>([
    ["VAL-4: no containers", { containers: [] }, ["spec.containers: Required value"]],
    [
      "VAL-5: names and images are required",
      { containers: [{}] },
      [`${C}.name: Required value`, `${C}.image: Required value`],
    ],
    [
      "VAL-5, VAL-6: names are DNS labels",
      { containers: [{ name: "A_b", image: "i" }] },
      [`${C}.name: Invalid value: "A_b": ${LABEL_TEXT}`],
    ],
    [
      "VAL-5: names are unique",
      { containers: [good, good], initContainers: [good] },
      [
        'spec.containers[1].name: Duplicate value: "c"',
        'spec.initContainers[0].name: Duplicate value: "c"',
      ],
    ],
    [
      "VAL-5: no space around images",
      { containers: [{ name: "c", image: " i" }] },
      [`${C}.image: Invalid value: " i": must not have leading or trailing whitespace`],
    ],
    [
      "VAL-7: restart policy",
      { restartPolicy: "Sometimes" },
      [
        'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
      ],
    ],
    [
      "VAL-7: DNS policy",
      { dnsPolicy: "x" },
      [
        'spec.dnsPolicy: Unsupported value: "x": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
      ],
    ],
    [
      "VAL-7: None needs a configuration",
      { dnsPolicy: "None" },
      ["spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"],
    ],
    [
      "VAL-7: None needs a name server",
      { dnsPolicy: "None", dnsConfig: {} },
      [
        "spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None",
      ],
    ],
    [
      "VAL-7: at most three name servers, all of them addresses",
      { dnsConfig: { nameservers: ["1.1.1.1", "1.1.1.2", "1.1.1.3", "x"] } },
      [
        'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","1.1.1.2","1.1.1.3","x"]: must not have more than 3 nameservers',
        'spec.dnsConfig.nameservers[3]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      "VAL-8: an init container restarts always or by the pod's rule",
      { initContainers: [{ name: "i", image: "i", restartPolicy: "Never" }] },
      [`${I}.restartPolicy: Unsupported value: "Never": supported values: "Always"`],
    ],
    [
      "VAL-8, RESTART-15: app containers have no restart policy of their own",
      { containers: [{ ...good, restartPolicy: "Always" }] },
      [`${C}.restartPolicy: Forbidden: may not be set for non-init containers`],
    ],
    [
      "VAL-13: a host port once in the list",
      {
        containers: [
          {
            ...good,
            ports: [
              { containerPort: 1, hostPort: 9 },
              { containerPort: 2, hostPort: 9 },
            ],
          },
        ],
      },
      [`${C}.ports[1].hostPort: Duplicate value: "TCP//9"`],
    ],
    [
      "VAL-13: on the node's network both ports are one",
      { hostNetwork: true, containers: [{ ...good, ports: [{ containerPort: 1, hostPort: 9 }] }] },
      [
        `${C}.ports[0].hostPort: Invalid value: 9: must match \`containerPort\` when \`hostNetwork\` is true`,
      ],
    ],
    [
      "VAL-14: a deadline is at least a second",
      { activeDeadlineSeconds: 0 },
      ["spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive"],
    ],
    [
      "VAL-15: one process namespace or the node's",
      { shareProcessNamespace: true, hostPID: true },
      [
        "spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled",
      ],
    ],
    [
      "VAL-16: no ephemeral containers yet",
      { ephemeralContainers: [{ name: "e", image: "i" }] },
      ["spec.ephemeralContainers: Forbidden: cannot be set on create"],
    ],
    [
      "VAL-16: a gated pod has no node",
      { nodeName: "n", schedulingGates: [{ name: "g" }] },
      ["spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared"],
    ],
    [
      "VAL-23: tolerations",
      {
        tolerations: [
          { operator: "Equal" },
          { key: "k", operator: "Exists", value: "v" },
          { key: "k", effect: "NoSchedule", tolerationSeconds: 1 },
          { key: "k", operator: "x", effect: "y" },
        ],
      },
      [
        'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
        "spec.tolerations[1].operator: Invalid value: \"v\": value must be empty when `operator` is 'Exists'",
        "spec.tolerations[2].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when `tolerationSeconds` is set",
        'spec.tolerations[3].operator: Unsupported value: "x": supported values: "Equal", "Exists"',
        'spec.tolerations[3].effect: Unsupported value: "y": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    ],
    [
      "spread constraints",
      {
        topologySpreadConstraints: [
          { maxSkew: 0, topologyKey: "", whenUnsatisfiable: "x" },
          { maxSkew: 1, topologyKey: "z", whenUnsatisfiable: "ScheduleAnyway", minDomains: 1 },
          { maxSkew: 1, topologyKey: "z", whenUnsatisfiable: "ScheduleAnyway" },
        ],
      },
      [
        "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
        "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
        'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "x": supported values: "DoNotSchedule", "ScheduleAnyway"',
        'spec.topologySpreadConstraints[1].{topologyKey, whenUnsatisfiable}: Duplicate value: "{z, ScheduleAnyway}"',
        "spec.topologySpreadConstraints[1].minDomains: Invalid value: 1: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway",
      ],
    ],
    [
      "affinity",
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] },
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference: {} }],
          },
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: "", matchLabelKeys: ["k"] },
            ],
          },
        },
      },
      [
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term",
        "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100",
        "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
        "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty",
        'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must be non-empty',
        "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      "a user namespace of its own shares nothing with the node",
      { hostUsers: false, hostNetwork: true, hostPID: true },
      [
        "spec.hostNetwork: Forbidden: when `pod.Spec.HostUsers` is false",
        "spec.HostPID: Forbidden: when `pod.Spec.HostUsers` is false",
      ],
    ],
    [
      "pod-level resources",
      {
        resources: { limits: { cpu: "1", "example.com/gpu": "1" }, requests: { cpu: "100m" } },
        containers: [{ ...good, resources: { limits: { cpu: "2" }, requests: { cpu: "1" } } }],
      },
      [
        'spec.resources.limits[example.com/gpu]: Unsupported value: "example.com/gpu": supported values: "cpu", "hugepages-", "memory"',
        'spec.resources.requests[cpu]: Invalid value: "100m": must be greater than or equal to aggregate container requests of 1',
        'spec.resources.containers[0][cpu].limits: Invalid value: "2": must be less than or equal to pod limits of 1',
      ],
    ],
    [
      "a token needs an account",
      {
        volumes: [
          {
            name: "t",
            projected: { sources: [{ serviceAccountToken: { path: "t", expirationSeconds: 1 } }] },
          },
        ],
      },
      [
        "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 1: may not specify a duration less than 10 minutes",
        "spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set",
      ],
    ],
    [
      "what Windows has not",
      { os: { name: "windows" }, hostPID: true, securityContext: { fsGroup: 1 } },
      [
        "spec.securityContext.fsGroup: Forbidden: cannot be set for a windows pod",
        "spec.hostPID: Forbidden: cannot be set for a windows pod",
      ],
    ],
  ])("%s", (_name, spec, expected) => {
    expect(podErrors(spec)).toEqual(expected);
  });

  it("VAL-9: what init containers may not have unless they are sidecars", () => {
    const probe = { tcpSocket: { port: 1 } };
    const fields = {
      lifecycle: {},
      livenessProbe: probe,
      readinessProbe: probe,
      startupProbe: probe,
    };
    const detail = "Forbidden: may not be set for init containers without restartPolicy=Always";
    const init = { name: "i", image: "i", ...fields };
    expect(podErrors({ initContainers: [init] })).toEqual(
      Object.keys(fields).map((field) => `${I}.${field}: ${detail}`),
    );
    expect(podErrors({ initContainers: [{ ...init, restartPolicy: "Always" }] })).toEqual([]);
  });

  it("VAL-6: the pod's own name is a subdomain", () => {
    expect(podErrors({}, { name: "A" })).toEqual([
      "metadata.name: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ]);
    expect(podErrors({}, { name: "a.b" })).toEqual([]);
    expect(podErrors({}, { name: "" })).toEqual([
      "metadata.name: Required value: name or generateName is required",
    ]);
  });

  it("metadata: labels, annotations, owners, finalizers", () => {
    const owner = { apiVersion: "v1", kind: "Pod", name: "o", uid: "u", controller: true };
    expect(
      podErrors(
        {},
        {
          labels: { "a b": "x" },
          annotations: { "a b": "x" },
          ownerReferences: [owner, { ...owner, name: "p" }],
          finalizers: ["x"],
        },
      ).map((text) => text.slice(0, 60)),
    ).toEqual([
      'metadata.labels: Invalid value: "a b": name part must consis',
      'metadata.annotations: Invalid value: "a b": name part must c',
      'metadata.ownerReferences: Invalid value: [{"apiVersion":"v1"',
      'metadata.finalizers[0]: Invalid value: "x": name is neither ',
    ]);
    expect(podErrors({}, { annotations: { big: "x".repeat(262142) } })).toEqual([
      "metadata.annotations: Too long: may not be more than 262144 bytes",
    ]);
    expect(podErrors({}, { annotations: { big: "x".repeat(262141) } })).toEqual([]);
  });

  it("annotations that script containers", () => {
    expect(podErrors({}, { annotations: { "peapod.sim/c": '{"exitCode":-1}' } })).toEqual([
      "metadata.annotations[peapod.sim/c].exitCode: Invalid value: -1: must be a whole number from 0 to 255",
    ]);
  });
});
