import {
  names,
  podContainers,
  quote,
  type Container,
  type Pod,
  type PodContainer,
  type PodSpec,
} from "../../api/index.js";

/** What is accepted but not meant: sent as `Warning` headers. pkg/registry/core/pod/strategy.go and pkg/api/pod/warnings.go, 1.34 */
export const podWarnings = (pod: Pod): string[] => [
  ...nameWarnings(pod),
  ...podSpecWarnings(pod.spec, "spec"),
];

/** What a pod of this spec would be warned of. @param path of the spec: `spec`, `spec.template.spec` */
export const podSpecWarnings = (spec: PodSpec, path: string): string[] => [
  ...nodeLabelWarnings(spec, path),
  ...graceWarnings(spec, path),
  ...pullSecretWarnings(spec, path),
  ...podContainers(spec).flatMap((entry) =>
    containerWarnings(entry.container, pathOf(entry, path)),
  ),
  ...portNameWarnings(spec, path),
];

const pathOf = ({ list, index }: PodContainer, path: string): string => `${path}.${list}[${index}]`;

const nameWarnings = ({ metadata }: Pod): string[] => {
  const problems = names.dns1123Label(metadata.name);
  if (problems.length === 0) return [];
  return [
    `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${problems.join(" ")}]`,
  ];
};

/** pkg/api/node/util.go deprecatedNodeLabels, 1.34 */
const DEPRECATED_NODE_LABELS: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region":
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone":
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type":
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

const nodeLabelWarnings = ({ nodeSelector }: PodSpec, path: string): string[] =>
  Object.keys(nodeSelector ?? {})
    .toSorted()
    .flatMap((key) => {
      const advice = DEPRECATED_NODE_LABELS[key];
      return advice === undefined ? [] : [`${path}.nodeSelector[${key}]: ${advice}`];
    });

const graceWarnings = ({ terminationGracePeriodSeconds = 0 }: PodSpec, path: string): string[] =>
  terminationGracePeriodSeconds < 0
    ? [
        `${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
      ]
    : [];

const pullSecretWarnings = ({ imagePullSecrets }: PodSpec, path: string): string[] =>
  (imagePullSecrets ?? []).flatMap(({ name = "" }, index) =>
    name === "" ? [`${path}.imagePullSecrets[${index}].name: invalid empty name ""`] : [],
  );

const containerWarnings = (container: Container, path: string): string[] => [
  ...memoryWarnings(container, path),
  ...environmentWarnings(container, path),
  ...portWarnings(container, path),
];

const memoryWarnings = ({ resources }: Container, path: string): string[] =>
  (["requests", "limits"] as const).flatMap((list) =>
    ["memory", "ephemeral-storage"].flatMap((name) => {
      const text = resources?.[list]?.[name];
      if (text === undefined || !isFractional(text)) return [];
      return [
        `${path}.resources.${list}[${name}]: fractional byte value ${quote(text)} is invalid, must be an integer`,
      ];
    }),
  );

/** Whole bytes can be written in milli: `1000m`. */
const isFractional = (text: string): boolean => /m$/.test(text) && !/000m$/.test(text);

/** pkg/api/pod/warnings.go warningsForContainer env, 1.34: unless the later one uses the earlier one. */
const environmentWarnings = ({ env }: Container, path: string): string[] => {
  const seen = new Set<string>();
  return (env ?? []).flatMap(({ name, value = "" }, index) => {
    const hides = seen.has(name) && !value.includes(`$(${name})`);
    seen.add(name);
    if (!hides) return [];
    return [
      `${path}.env[${index}]: hides previous definition of ${quote(name)}, which may be dropped when using apply`,
    ];
  });
};

const portWarnings = ({ ports }: Container, path: string): string[] => {
  const seen = new Map<string, number>();
  return (ports ?? []).flatMap(
    ({ containerPort, protocol = "TCP", hostPort = 0, hostIP }, index) => {
      const key = `${containerPort}/${protocol}/${hostPort}/${hostIP ?? ""}`;
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, index);
        return [];
      }
      return [`${path}.ports[${index}]: duplicate port definition with ${path}.ports[${first}]`];
    },
  );
};

const portNameWarnings = (spec: PodSpec, specPath: string): string[] => {
  const seen = new Map<string, string>();
  return podContainers(spec).flatMap((entry) =>
    (entry.container.ports ?? []).flatMap(({ name = "" }, index) => {
      if (name === "") return [];
      const path = `${pathOf(entry, specPath)}.ports[${index}]`;
      const first = seen.get(name);
      if (first === undefined) {
        seen.set(name, path);
        return [];
      }
      return [
        `${path}: duplicate port name ${quote(name)} with ${first}, services and probes that select ports by name will use ${first}`,
      ];
    }),
  );
};
