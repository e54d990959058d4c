import {
  isStatusError,
  labelSelectorFrom,
  type Pod,
  type ReplicaSet,
  type ReplicaSetStatus,
} from "../../api/index.js";
import { EventRecorder, WorkQueue, type Client } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { claim, controllerOf } from "../controller-reference.js";
import { BURST_REPLICAS } from "../limits.js";
import {
  BY_CONTROLLER,
  NAMESPACE_INDEX,
  type ReconcilerContext,
  type SharedInformers,
} from "../reconciler-context.js";
import { Expectations } from "./expectations.js";
import { isActive } from "./pod-availability.js";
import { PodControl } from "./pod-control.js";
import { podsToDelete } from "./pod-ranking.js";
import { isSameStatus, nextReplicaSetStatus, untilNextAvailableMs } from "./replica-set-status.js";
import { ReplicaSetWatch } from "./replica-set-watch.js";

const REPLICA_SETS = "replicasets.apps";

/** Keeps as many pods as each ReplicaSet wants (pkg/controller/replicaset/replica_set.go, 1.34). */
export const startReplicaSetReconciler = (context: ReconcilerContext): void => {
  const { engine, client, informers } = context;
  const queue = new WorkQueue(engine);
  const events = new EventRecorder({ engine, client, component: "replicaset-controller" });
  const expectations = new Expectations();
  const watch = new ReplicaSetWatch(informers, queue, expectations);
  const control = new PodControl(client, events);
  queue.startWorker("replicaset-controller", function* (key): Call<void> {
    yield* informers.replicaSets.waitForSync();
    yield* informers.pods.waitForSync();
    const [namespace = "", name = ""] = key.split("/");
    const set = informers.replicaSets.get(namespace, name);
    if (set === undefined) {
      expectations.forget(key);
      return;
    }
    const nowMs = engine.nowMs;
    const mayManage = expectations.areMet(key, nowMs);
    const pods = yield* claimPods(context, watch, set, key);
    const isGoing = set.metadata.deletionTimestamp !== undefined;
    const failure =
      mayManage && !isGoing ? yield* manage(context, control, expectations, key, set, pods) : null;
    const status = nextReplicaSetStatus(set, pods, failure, nowMs);
    const written = yield* writeStatus(client, set, status);
    if (written !== null) watch.noteWritten(written);
    if (failure !== null) {
      queue.addRateLimited(key);
      return;
    }
    queue.forget(key);
    const waitMs = untilNextAvailableMs(set, pods, nowMs);
    if (waitMs !== null) queue.addAfter(key, waitMs);
  });
};

/** The active pods of a set, orphans that match it among them, where there may be any. */
function* claimPods(
  { client, informers }: ReconcilerContext,
  watch: ReplicaSetWatch,
  set: ReplicaSet,
  key: string,
): Call<readonly Pod[]> {
  const { namespace, uid } = set.metadata;
  const looksForOrphans = watch.takeOrphanCall(key);
  const owned = informers.pods.byIndex(BY_CONTROLLER, uid).filter(isActive);
  const orphans = looksForOrphans
    ? informers.pods
        .byIndex(NAMESPACE_INDEX, namespace)
        .filter((pod) => controllerOf(pod.metadata) === undefined && isActive(pod))
    : null;
  const selector = labelSelectorFrom(set.spec.selector);
  const owner = { object: set, resource: REPLICA_SETS, selector };
  try {
    return yield* claim(client, owner, "pods", orphans === null ? owned : [...owned, ...orphans]);
  } catch (error) {
    if (looksForOrphans) watch.putOrphanCall(key);
    throw error;
  }
}

/** Makes or deletes what is missing or too much. replica_set.go manageReplicas, 1.34. @returns what went wrong; null when nothing */
function* manage(
  { engine, informers }: ReconcilerContext,
  control: PodControl,
  expectations: Expectations,
  key: string,
  set: ReplicaSet,
  pods: readonly Pod[],
): Call<string | null> {
  const missing = (set.spec.replicas ?? 0) - pods.length;
  if (missing > 0) {
    const count = Math.min(missing, BURST_REPLICAS);
    expectations.expectCreations(key, count, engine.nowMs);
    const { done, failure } = yield* control.createPods(set, count);
    expectations.creationSeen(key, count - done);
    return failure;
  }
  if (missing === 0) return null;
  const count = Math.min(-missing, BURST_REPLICAS);
  const chosen = podsToDelete(pods, relatedPods(informers, set), count, engine.nowMs);
  expectations.expectDeletions(
    key,
    chosen.map(({ metadata }) => metadata.uid),
    engine.nowMs,
  );
  let failure: string | null = null;
  for (const pod of chosen) {
    const why = yield* control.deletePod(set, pod);
    if (why === null) continue;
    expectations.deletionSeen(key, pod.metadata.uid);
    failure ??= why;
  }
  return failure;
}

/** Pods of all sets of the same controller. replica_set.go getIndirectlyRelatedPods, 1.34 */
const relatedPods = (informers: SharedInformers, set: ReplicaSet): readonly Pod[] => {
  const controller = controllerOf(set.metadata);
  const sets =
    controller === undefined ? [] : informers.replicaSets.byIndex(BY_CONTROLLER, controller.uid);
  return sets.flatMap(({ metadata }) => informers.pods.byIndex(BY_CONTROLLER, metadata.uid));
};

/**
 * With a second try on the object as it is then. replica_set_utils.go updateReplicaSetStatus, 1.34
 * @returns what became of the very set that was looked at; null when nothing did, or it had changed meanwhile
 */
function* writeStatus(
  client: Client,
  set: ReplicaSet,
  status: ReplicaSetStatus,
): Call<ReplicaSet | null> {
  if (isSameStatus(set.status, status)) return null;
  try {
    return yield* client.updateStatus(REPLICA_SETS, { ...set, status });
  } catch (error) {
    if (!isStatusError(error)) throw error;
    const { namespace, name } = set.metadata;
    const fresh = yield* client.get<ReplicaSet>(REPLICA_SETS, namespace, name);
    yield* client.updateStatus(REPLICA_SETS, { ...fresh, status });
    return null;
  }
}
