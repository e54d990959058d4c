import { findKind, RESOURCES, type ResourceDefinition } from "../../src/core/api/index.js";
import {
  Cluster,
  type Command,
  type NodeTemplate,
  type Outcome,
} from "../../src/core/cluster/index.js";
import type { ApiRequest } from "../../src/core/registry/index.js";
import type { JournalEntry } from "../../src/core/store/index.js";
import type { Manifest, Scenario, ScenarioStep } from "./scenario.js";
import { Timeline } from "./timeline.js";

/** Scenarios begin at a round moment, so that a timeline reads as seconds since the manifests were applied. */
export const SCENARIO_START_MS = Date.UTC(2026, 0, 1);
/** Nodes are Ready well before this; then the manifests come. */
const SETTLE_MS = 30_000;

export interface ScenarioRun {
  readonly timeline: readonly string[];
  readonly traceHash: string;
  readonly cluster: Cluster;
}

/** Runs a scenario in a cluster of its own, in virtual time. @param onCommit checks invariants as it goes. */
export const runScenario = (
  scenario: Scenario,
  onCommit?: (entry: JournalEntry) => void,
): ScenarioRun => {
  const { seed, nodes, capacity, untilSeconds, steps } = scenario.script;
  const cluster = new Cluster({
    seed,
    startMs: SCENARIO_START_MS - SETTLE_MS,
    nodes: Array.from({ length: nodes }, (_, index) => ({
      ...aNodeTemplate(`node-${index + 1}`),
      capacity,
    })),
    ...(onCommit === undefined ? {} : { onCommit }),
  });
  cluster.engine.runUntil(SCENARIO_START_MS);
  cluster.takeBatch();
  const timeline = new Timeline(SCENARIO_START_MS);
  const go = (seconds: number): void => {
    cluster.engine.runUntil(SCENARIO_START_MS + Math.round(seconds * 1000));
    timeline.add(cluster.takeBatch().entries);
  };
  for (const manifest of scenario.manifests)
    execute(cluster, { type: "api", request: createRequest(manifest) });
  for (const step of [...steps].sort((a, b) => a.atSeconds - b.atSeconds)) {
    go(step.atSeconds);
    execute(cluster, commandOf(step));
  }
  go(untilSeconds);
  return { timeline: timeline.lines, traceHash: cluster.traceHash, cluster };
};

export const aNodeTemplate = (name: string): NodeTemplate => ({
  name,
  capacity: {},
  labels: {},
  taints: [],
});

/** @throws Error with the Status' message when the command is refused. */
export const execute = (cluster: Cluster, command: Command): Outcome & { ok: true } => {
  const outcome = cluster.execute(command);
  if (!outcome.ok) throw new Error(outcome.status.message);
  return outcome;
};

const createRequest = (manifest: Manifest): ApiRequest => {
  const resource = resourceOfManifest(manifest);
  return {
    verb: "create",
    resource,
    namespace: namespaceOf(resource, manifest.metadata.namespace),
    body: manifest,
    options: {},
  };
};

const commandOf = (step: ScenarioStep): Command =>
  "removeNode" in step
    ? { type: "remove-node", name: step.removeNode }
    : { type: "api", request: requestOf(step) };

type ApiStep = Exclude<ScenarioStep, { readonly removeNode: string }>;

const requestOf = (step: ApiStep): ApiRequest => {
  if ("create" in step) return createRequest(step.create);
  const target = parseReference("delete" in step ? step.delete : step.patch);
  if ("delete" in step) {
    const { gracePeriodSeconds } = step;
    return {
      verb: "delete",
      ...target,
      options: gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds },
    };
  }
  const { subresource } = step;
  return {
    verb: "patch",
    ...target,
    patchType: "strategic",
    body: step.with,
    options: { fieldManager: "scenario" },
    ...(subresource === undefined ? {} : { subresource }),
  };
};

const resourceOfManifest = ({ apiVersion, kind }: Manifest): ResourceDefinition => {
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const resource = findKind(group, version, kind);
  if (resource === undefined) throw new Error(`no kind ${kind} in ${apiVersion}`);
  return resource;
};

const parseReference = (
  reference: string,
): { resource: ResourceDefinition; namespace: string; name: string } => {
  const [plural = "", ...path] = reference.split("/");
  const resource = RESOURCES.find((row) => row.plural === plural || row.storage === plural);
  const name = path.pop();
  if (resource === undefined || name === undefined)
    throw new Error(`${reference} is no object: say pods/name or pods/namespace/name`);
  return { resource, namespace: namespaceOf(resource, path.pop()), name };
};

const namespaceOf = (resource: ResourceDefinition, namespace: string | undefined): string =>
  resource.namespaced ? (namespace ?? "default") : "";
