import { describe, expect, it } from "vitest";
import { containerErrors } from "./testing.js";

type Fields = Record<string, unknown>;
const C = "spec.containers[0]";

describe("validation of a container", () => {
  const probes = (fields: Fields): Fields => ({ livenessProbe: fields, readinessProbe: fields });
  const tcp = { tcpSocket: { port: 1 } };
  it.each<[string, Fields, string[]]>([
    [
      "VAL-10: thresholds and times",
      probes({
        ...tcp,
        successThreshold: 2,
        initialDelaySeconds: -1,
        terminationGracePeriodSeconds: 0,
      }),
      [
        `${C}.livenessProbe.initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0`,
        `${C}.livenessProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0`,
        `${C}.livenessProbe.successThreshold: Invalid value: 2: must be 1`,
        `${C}.readinessProbe.initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0`,
        `${C}.readinessProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0`,
        `${C}.readinessProbe.terminationGracePeriodSeconds: Invalid value: 0: must not be set for readinessProbes`,
      ],
    ],
    [
      "VAL-11: no handler",
      { livenessProbe: {} },
      [`${C}.livenessProbe: Required value: must specify a handler type`],
    ],
    [
      "VAL-11: two handlers",
      { livenessProbe: { ...tcp, exec: { command: ["x"] } } },
      [`${C}.livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type`],
    ],
    [
      "VAL-11: commands, ports, schemes and headers",
      {
        livenessProbe: { exec: {} },
        readinessProbe: {
          httpGet: { port: 0, scheme: "FTP", httpHeaders: [{ name: "a b", value: "" }] },
        },
        startupProbe: { tcpSocket: { port: "no_name" } },
      },
      [
        `${C}.livenessProbe.exec.command: Required value`,
        `${C}.readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive`,
        `${C}.readinessProbe.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"`,
        `${C}.readinessProbe.httpGet.httpHeaders: Invalid value: "a b": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')`,
        `${C}.startupProbe.tcpSocket.port: Invalid value: "no_name": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
      ],
    ],
    [
      "VAL-12: a sleep hook fits into the grace period",
      { lifecycle: { preStop: { sleep: { seconds: 31 } }, postStart: { sleep: { seconds: 30 } } } },
      [
        `${C}.lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)`,
      ],
    ],
    [
      "VAL-17: mounts",
      {
        volumeMounts: [
          { name: "no", mountPath: "/a" },
          { name: "no", mountPath: "/a" },
          { name: "no", mountPath: "", subPath: "../x" },
        ],
      },
      [
        `${C}.volumeMounts[0].name: Not found: "no"`,
        `${C}.volumeMounts[1].name: Not found: "no"`,
        `${C}.volumeMounts[1].mountPath: Invalid value: "/a": must be unique`,
        `${C}.volumeMounts[2].name: Not found: "no"`,
        `${C}.volumeMounts[2].mountPath: Required value`,
        `${C}.volumeMounts.subPath: Invalid value: "../x": must not contain '..'`,
      ],
    ],
    [
      "VAL-18: a request above its limit",
      { resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } },
      [`${C}.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1`],
    ],
    [
      "VAL-18: names and amounts",
      { resources: { limits: { cpu: "-1", storage: "1", "a/b/c": "1" } } },
      [
        `${C}.resources.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0`,
        `${C}.resources.limits[storage]: Invalid value: "storage": must be a standard resource for containers`,
        expect.stringContaining(
          `${C}.resources.limits[a/b/c]: Invalid value: "a/b/c": a qualified name`,
        ) as string,
        `${C}.resources.limits[a/b/c]: Invalid value: "a/b/c": doesn't follow extended resource name standard`,
        `${C}.resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0`,
        `${C}.resources.requests[storage]: Invalid value: "storage": must be a standard resource for containers`,
        expect.stringContaining(`${C}.resources.requests[a/b/c]`) as string,
        `${C}.resources.requests[a/b/c]: Invalid value: "a/b/c": doesn't follow extended resource name standard`,
      ],
    ],
    [
      "VAL-18: devices can't be overcommitted, huge pages need memory",
      { resources: { requests: { "example.com/gpu": "1" }, limits: { "hugepages-2Mi": "1Mi" } } },
      [
        `${C}.resources.limits[hugepages-2Mi]: Invalid value: "1Mi": 1Mi is not positive integer multiple of hugepages-2Mi`,
        `${C}.resources.limits: Required value: Limit must be set for non overcommitable resources`,
        `${C}.resources.requests[hugepages-2Mi]: Invalid value: "1Mi": 1Mi is not positive integer multiple of hugepages-2Mi`,
        `${C}.resources: Forbidden: HugePages require cpu or memory`,
      ],
    ],
    [
      "VAL-24: variables",
      {
        env: [
          { name: "" },
          { name: "a=b" },
          { name: "X", value: "1", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
          { name: "Y", valueFrom: {} },
          { name: "Z", valueFrom: { fieldRef: { fieldPath: "status.phase" } } },
        ],
        envFrom: [{}],
      },
      [
        `${C}.env[0].name: Required value`,
        `${C}.env[1].name: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than '='`,
        `${C}.env[2].valueFrom: Invalid value: "": may not be specified when \`value\` is not empty`,
        `${C}.env[3].valueFrom: Invalid value: "": must specify one of: \`fieldRef\`, \`resourceFieldRef\`, \`configMapKeyRef\` or \`secretKeyRef\``,
        `${C}.env[4].valueFrom.fieldRef.fieldPath: Unsupported value: "status.phase": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"`,
        `${C}.envFrom: Invalid value: "": must specify one of: \`configMapRef\` or \`secretRef\``,
      ],
    ],
    [
      "ports",
      {
        ports: [
          { containerPort: 0 },
          { name: "a", containerPort: 70000, protocol: "X" },
          { name: "a", containerPort: 1, hostPort: 70000 },
        ],
      },
      [
        `${C}.ports[0].containerPort: Required value`,
        `${C}.ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive`,
        `${C}.ports[1].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"`,
        `${C}.ports[2].name: Duplicate value: "a"`,
        `${C}.ports[2].hostPort: Invalid value: 70000: must be between 1 and 65535, inclusive`,
      ],
    ],
    [
      "pull and termination message policies",
      { imagePullPolicy: "x", terminationMessagePolicy: "y" },
      [
        `${C}.terminationMessagePolicy: Unsupported value: "y": supported values: "File", "FallbackToLogsOnError"`,
        `${C}.imagePullPolicy: Unsupported value: "x": supported values: "Always", "IfNotPresent", "Never"`,
      ],
    ],
    [
      "security context",
      {
        securityContext: {
          runAsUser: -1,
          privileged: true,
          allowPrivilegeEscalation: false,
          seccompProfile: { type: "Localhost" },
        },
      },
      [
        `${C}.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive`,
        `${C}.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost`,
        expect.stringContaining(
          "cannot set `allowPrivilegeEscalation` to false and `privileged` to true",
        ) as string,
      ],
    ],
  ])("%s", (_name, fields, expected) => {
    expect(containerErrors(fields)).toEqual(expected);
  });
});
