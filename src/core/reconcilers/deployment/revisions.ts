import type { Deployment, ReplicaSet } from "../../api/index.js";
import { MAX_REVISION_HISTORY_CHARACTERS } from "../limits.js";
import { maxSurge, wantedOf } from "./rollout-numbers.js";

/** pkg/controller/deployment/util/deployment_util.go, 1.34. */
export const REVISION = "deployment.kubernetes.io/revision";
const REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";
/** annotationsToSkip, same file */
const NOT_COPIED = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  "deprecated.deployment.rollback.to",
]);

type Annotations = Readonly<Record<string, string>>;

/** The revision of a set; 0 when it has none that can be read. */
export const revisionOf = ({ metadata }: ReplicaSet): number =>
  integerOf(metadata.annotations?.[REVISION]) ?? 0;

export const maxRevision = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((max, set) => Math.max(max, revisionOf(set)), 0);

/** How many its Deployment wanted when the set was last scaled; null when that is not known. */
export const desiredReplicasOf = ({ metadata }: ReplicaSet): number | null =>
  integerOf(metadata.annotations?.[DESIRED_REPLICAS]);

/** How many pods its Deployment might have had in all then. */
export const maxReplicasOf = ({ metadata }: ReplicaSet): number | null =>
  integerOf(metadata.annotations?.[MAX_REPLICAS]);

/** What tells a scaling from a rollout later on. SetReplicasAnnotations, same file */
export const scaleAnnotations = (deployment: Deployment): Annotations => ({
  [DESIRED_REPLICAS]: String(wantedOf(deployment)),
  [MAX_REPLICAS]: String(wantedOf(deployment) + maxSurge(deployment)),
});

/**
 * The annotations of a Deployment's newest set: the Deployment's own and the revision. SetNewReplicaSetAnnotations, same file: a set that is
 * rolled back to remembers the revisions it was before.
 */
export const newSetAnnotations = (
  deployment: Deployment,
  current: Annotations,
  revision: number,
): Annotations => {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(
    ([key]) => !NOT_COPIED.has(key),
  );
  const annotations: Record<string, string> = { ...current, ...Object.fromEntries(copied) };
  const text = current[REVISION] ?? "";
  const before = text === "" ? 0 : integerOf(text);
  if (before === null || before >= revision) return annotations;
  annotations[REVISION] = String(revision);
  if (text === "") return annotations;
  const history = withRevision(current[REVISION_HISTORY] ?? "", text);
  return history === null ? annotations : { ...annotations, [REVISION_HISTORY]: history };
};

/** The oldest are forgotten for the latest. Null when there is no room for it at all. */
const withRevision = (history: string, revision: string): string | null => {
  if (history === "") return revision;
  const revisions = history.split(",");
  let length = history.length + revision.length + 1;
  let start = 0;
  for (; length > MAX_REVISION_HISTORY_CHARACTERS && start < revisions.length; start += 1)
    length -= (revisions[start] ?? "").length + 1;
  if (length > MAX_REVISION_HISTORY_CHARACTERS) return null;
  return [...revisions.slice(start), revision].join(",");
};

const integerOf = (text: string | undefined): number | null =>
  text !== undefined && /^[+-]?\d{1,15}$/.test(text) ? Number(text) : null;
