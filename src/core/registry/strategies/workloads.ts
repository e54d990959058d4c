import {
  names,
  type Deployment,
  type KubeObject,
  type PodTemplateSpec,
  type ReplicaSet,
} from "../../api/index.js";
import { withMetadata } from "../object-metadata.js";
import type { Strategy } from "../strategy.js";
import { withFirstGeneration, withNextGeneration } from "./generation.js";
import { podSpecWarnings } from "./pod-warnings.js";

/** pkg/registry/apps/deployment/strategy.go, 1.34. Annotations count as wanted: they are copied to the replica sets. */
export const deploymentStrategy: Strategy<Deployment> = {
  prepareForCreate: (deployment) => ({ ...withFirstGeneration(deployment), status: {} }),
  prepareForUpdate: (next, previous) =>
    withNextGeneration({ ...next, status: previous.status }, previous, ({ spec, metadata }) => [
      spec,
      metadata.annotations,
    ]),
  prepareForStatusUpdate: (next, previous) => ({
    ...withMetadata(next, { labels: previous.metadata.labels }),
    spec: previous.spec,
  }),
  warningsOnCreate: (deployment) => workloadWarnings(deployment, deployment.spec.template),
  warningsOnUpdate: (next, previous) => templateWarningsOnChange(next, previous),
};

/** pkg/registry/apps/replicaset/strategy.go, 1.34 */
export const replicaSetStrategy: Strategy<ReplicaSet> = {
  prepareForCreate: (replicaSet) => ({
    ...withFirstGeneration(replicaSet),
    status: { replicas: 0 },
  }),
  prepareForUpdate: (next, previous) =>
    withNextGeneration({ ...next, status: previous.status }, previous, ({ spec }) => spec),
  prepareForStatusUpdate: (next, previous) => ({ ...next, spec: previous.spec }),
  warningsOnCreate: (replicaSet) => workloadWarnings(replicaSet, replicaSet.spec.template),
  warningsOnUpdate: (next, previous) => templateWarningsOnChange(next, previous),
};

const workloadWarnings = (
  { metadata }: KubeObject,
  template: PodTemplateSpec | undefined,
): string[] => {
  const problems = names.dns1123Label(metadata.name);
  const nameWarnings =
    problems.length === 0
      ? []
      : [
          `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${problems.join(" ")}]`,
        ];
  return [...nameWarnings, ...templateWarnings(template)];
};

const templateWarningsOnChange = (
  next: Deployment | ReplicaSet,
  previous: Deployment | ReplicaSet,
): string[] =>
  next.metadata.generation === previous.metadata.generation
    ? []
    : templateWarnings(next.spec.template);

const templateWarnings = (template: PodTemplateSpec | undefined): string[] =>
  template?.spec === undefined ? [] : podSpecWarnings(template.spec, "spec.template.spec");
