import {
  isStatusError,
  objectReference,
  semanticEqual,
  type Deployment,
  type DeploymentCondition,
  type DeploymentStatus,
  type Pod,
  type ReplicaSet,
} from "../../api/index.js";
import type { Client, EventRecorder } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { controllerOf } from "../controller-reference.js";
import { findCondition, newCondition, REASON, withCondition } from "./deployment-conditions.js";
import {
  isComplete,
  nextDeploymentStatus,
  nextRolloutStatus,
  untilStuckMs,
} from "./deployment-status.js";
import { newReplicaSet } from "./new-replica-set.js";
import { byRevision, isActiveSet, isSameTemplate, splitSets, type Sets } from "./replica-sets.js";
import { maxRevision, newSetAnnotations, REVISION, scaleAnnotations } from "./revisions.js";
import { historyLimitOf, progressDeadlineOf, sumOf, wantedOf } from "./rollout-numbers.js";
import { isScalingEvent, planRollingUpdate, planScaling, type Scaling } from "./scaling.js";

export const DEPLOYMENTS = "deployments.apps";
export const REPLICA_SETS = "replicasets.apps";

/** What one look at a Deployment needs to know. */
export interface DeploymentView {
  readonly client: Client;
  readonly events: EventRecorder;
  readonly nowMs: number;
  readonly deployment: Deployment;
  /** Its own, once orphans were adopted. */
  readonly sets: readonly ReplicaSet[];
  /** Pods of these sets, whatever their state. */
  readonly podsOf: (sets: readonly ReplicaSet[]) => readonly Pod[];
}

/**
 * One look at a Deployment: it writes what is to be done next, and what it has seen. pkg/controller/deployment/deployment_controller.go
 * syncDeployment, 1.34. Objects it has written are the ones it goes on with.
 */
export class DeploymentSync {
  #deployment: Deployment;
  #sets: readonly ReplicaSet[];

  constructor(private readonly view: DeploymentView) {
    this.#deployment = view.deployment;
    this.#sets = view.sets;
  }

  /** @returns milliseconds until it is to be looked at again if nothing happens; null when that is never. @throws StatusError when it is to be tried again */
  *run(): Call<number | null> {
    if (this.#deployment.metadata.deletionTimestamp !== undefined) {
      yield* this.#writeStatus(nextDeploymentStatus(this.#deployment, this.#split(), this.#nowMs));
      return null;
    }
    yield* this.#notePause();
    if (this.#deployment.spec.paused === true) {
      yield* this.#scaleOnly();
      return null;
    }
    const sets = yield* this.#syncRevision(false);
    if (isScalingEvent(this.#deployment, sets)) {
      yield* this.#scaleOnly();
      return null;
    }
    return this.#deployment.spec.strategy?.type === "Recreate"
      ? yield* this.#recreate()
      : yield* this.#roll();
  }

  get #nowMs(): number {
    return this.view.nowMs;
  }

  #split(): Sets {
    return splitSets(this.#deployment, this.#sets);
  }

  /** sync.go checkPausedConditions, 1.34: time does not count against a Deployment that stands still on purpose. */
  *#notePause(): Call<void> {
    if (progressDeadlineOf(this.#deployment) === null) return;
    const { conditions = [] } = this.#deployment.status;
    const reason = findCondition(conditions, "Progressing")?.reason;
    if (reason === REASON.timedOut) return;
    const isPaused = this.#deployment.spec.paused === true;
    if (isPaused === (reason === REASON.paused)) return;
    const condition = isPaused
      ? newCondition("Progressing", "Unknown", REASON.paused, "Deployment is paused", this.#nowMs)
      : newCondition(
          "Progressing",
          "Unknown",
          REASON.resumed,
          "Deployment is resumed",
          this.#nowMs,
        );
    yield* this.#writeConditions(withCondition(conditions, condition));
  }

  /** sync.go sync, 1.34: no new set, no next step of a rollout. */
  *#scaleOnly(): Call<void> {
    const sets = yield* this.#syncRevision(false);
    yield* this.#scale(planScaling(this.#deployment, sets));
    if (this.#deployment.spec.paused === true) yield* this.#cleanUp(this.#split().old);
    yield* this.#writeStatus(nextDeploymentStatus(this.#deployment, this.#split(), this.#nowMs));
  }

  /** rolling.go rolloutRolling, 1.34 */
  *#roll(): Call<number | null> {
    const { current, old } = yield* this.#syncRevision(true);
    if (current === null) throw new Error("a rollout has a new replica set");
    const plan = planRollingUpdate(this.#deployment, current, old);
    yield* this.#scale(plan);
    if (plan.length === 0) yield* this.#cleanUpAfterRollout(old);
    return yield* this.#writeRolloutStatus();
  }

  /** recreate.go rolloutRecreate, 1.34: no pod of the new set while one of an old set runs. */
  *#recreate(): Call<number | null> {
    const { current, old } = yield* this.#syncRevision(false);
    const active = old.filter(isActiveSet);
    if (active.length > 0) {
      yield* this.#scale(active.map(({ metadata }) => ({ set: metadata.name, replicas: 0 })));
      return yield* this.#writeRolloutStatus();
    }
    if (this.#hasOldPods(current, old)) return yield* this.#writeRolloutStatus();
    const sets = yield* this.#syncRevision(true);
    if (sets.current === null) throw new Error("a rollout has a new replica set");
    const { name } = sets.current.metadata;
    if (wantedOf(sets.current) !== wantedOf(this.#deployment))
      yield* this.#scale([{ set: name, replicas: wantedOf(this.#deployment) }]);
    yield* this.#cleanUpAfterRollout(sets.old);
    return yield* this.#writeRolloutStatus();
  }

  #hasOldPods(current: ReplicaSet | null, old: readonly ReplicaSet[]): boolean {
    if (sumOf(old, ({ status }) => status.replicas) > 0) return true;
    const others = this.#sets.filter(({ metadata }) => metadata.uid !== current?.metadata.uid);
    return this.view
      .podsOf(others)
      .some(({ status }) => status.phase !== "Failed" && status.phase !== "Succeeded");
  }

  /** The sets, the new one with the latest revision; made when it is not there and `creates`. sync.go getAllReplicaSetsAndSyncRevision, 1.34 */
  *#syncRevision(creates: boolean): Call<Sets> {
    const { current, old } = this.#split();
    const revision = maxRevision(old) + 1;
    if (current !== null) yield* this.#syncCurrent(current, revision);
    else if (creates) yield* this.#createSet(old, revision);
    return this.#split();
  }

  *#syncCurrent(current: ReplicaSet, revision: number): Call<void> {
    const { minReadySeconds = 0 } = this.#deployment.spec;
    const { annotations: before = {} } = current.metadata;
    const annotations = newSetAnnotations(this.#deployment, before, revision);
    if (
      !semanticEqual(annotations, before) ||
      (current.spec.minReadySeconds ?? 0) !== minReadySeconds
    ) {
      yield* this.#updateSet({
        ...current,
        metadata: { ...current.metadata, annotations: { ...annotations } },
        spec: { ...current.spec, minReadySeconds },
      });
      return;
    }
    const { conditions = [] } = this.#deployment.status;
    const isUnknown =
      progressDeadlineOf(this.#deployment) !== null &&
      findCondition(conditions, "Progressing") === undefined;
    const message = `Found new replica set ${JSON.stringify(current.metadata.name)}`;
    const found = newCondition("Progressing", "True", REASON.foundReplicaSet, message, this.#nowMs);
    yield* this.#writeRevision(
      annotations[REVISION] ?? "",
      isUnknown ? withCondition(conditions, found) : conditions,
    );
  }

  *#createSet(old: readonly ReplicaSet[], revision: number): Call<void> {
    const wanted = newReplicaSet(this.#deployment, old, revision);
    const { conditions = [] } = this.#deployment.status;
    const created = yield* this.#create(wanted);
    if (created === null) {
      // It is there already, and was not in the cache.
      yield* this.#writeRevision(String(revision), conditions);
      return;
    }
    const { name } = created.metadata;
    const replicas = wantedOf(created);
    if (replicas > 0)
      this.#emit("Normal", "ScalingReplicaSet", scaledText("up", name, 0, replicas));
    const message = `Created new replica set ${JSON.stringify(name)}`;
    const condition = newCondition(
      "Progressing",
      "True",
      REASON.newReplicaSet,
      message,
      this.#nowMs,
    );
    const isWatched = progressDeadlineOf(this.#deployment) !== null;
    yield* this.#writeRevision(
      String(revision),
      isWatched ? withCondition(conditions, condition) : conditions,
    );
  }

  /** @returns null when the very set is there already. @throws StatusError when it could not be made */
  *#create(wanted: ReplicaSet): Call<ReplicaSet | null> {
    const { namespace, name } = wanted.metadata;
    try {
      const created = yield* this.view.client.create<ReplicaSet>(REPLICA_SETS, namespace, wanted);
      this.#sets = [...this.#sets, created];
      return created;
    } catch (error) {
      if (!isStatusError(error)) throw error;
      if (error.status.reason === "AlreadyExists") {
        if (yield* this.#isOwn(wanted)) return null;
        yield* this.#countCollision();
      } else if (!isNamespaceTerminating(error)) {
        const message = `Failed to create new replica set ${JSON.stringify(name)}: ${error.message}`;
        yield* this.#noteFailedCreate(message);
      }
      throw error;
    }
  }

  *#isOwn({ metadata: { namespace, name } }: ReplicaSet): Call<boolean> {
    const there = yield* this.view.client.get<ReplicaSet>(REPLICA_SETS, namespace, name);
    const isSame =
      controllerOf(there.metadata)?.uid === this.#deployment.metadata.uid &&
      isSameTemplate(there.spec.template, this.#deployment.spec.template);
    if (isSame) this.#sets = [...this.#sets, there];
    return isSame;
  }

  *#countCollision(): Call<void> {
    const collisionCount = (this.#deployment.status.collisionCount ?? 0) + 1;
    yield* this.#writeStatus({ ...this.#deployment.status, collisionCount });
  }

  *#noteFailedCreate(message: string): Call<void> {
    this.#emit("Warning", REASON.failedCreate, message);
    if (progressDeadlineOf(this.#deployment) === null) return;
    const { conditions = [] } = this.#deployment.status;
    const failed = newCondition("Progressing", "False", REASON.failedCreate, message, this.#nowMs);
    yield* this.#writeConditions(withCondition(conditions, failed));
  }

  /** sync.go scaleReplicaSet, 1.34 */
  *#scale(plan: readonly Scaling[]): Call<void> {
    for (const { set: name, replicas } of plan) {
      const set = this.#sets.find(({ metadata }) => metadata.name === name);
      if (set === undefined) throw new Error(`no replica set ${name} to scale`);
      const before = wantedOf(set);
      const annotations = { ...set.metadata.annotations, ...scaleAnnotations(this.#deployment) };
      yield* this.#updateSet({
        ...set,
        metadata: { ...set.metadata, annotations },
        spec: { ...set.spec, replicas },
      });
      if (before === replicas) continue;
      const direction = before < replicas ? "up" : "down";
      this.#emit("Normal", "ScalingReplicaSet", scaledText(direction, name, before, replicas));
    }
  }

  *#cleanUpAfterRollout(old: readonly ReplicaSet[]): Call<void> {
    if (isComplete(this.#deployment, this.#deployment.status)) yield* this.#cleanUp(old);
  }

  /** Old sets beyond the history limit go, the first ones first. sync.go cleanupDeployment, 1.34 */
  *#cleanUp(old: readonly ReplicaSet[]): Call<void> {
    const limit = historyLimitOf(this.#deployment);
    if (limit === null) return;
    const alive = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const surplus = alive.toSorted(byRevision).slice(0, Math.max(0, alive.length - limit));
    for (const { metadata, spec, status } of surplus) {
      const isEmpty = status.replicas === 0 && (spec.replicas ?? 0) === 0;
      if (!isEmpty || (metadata.generation ?? 0) > (status.observedGeneration ?? 0)) continue;
      try {
        yield* this.view.client.delete(REPLICA_SETS, metadata.namespace, metadata.name);
      } catch (error) {
        if (!isStatusError(error, "NotFound")) throw error;
      }
    }
  }

  *#updateSet(next: ReplicaSet): Call<void> {
    const updated = yield* this.view.client.update(REPLICA_SETS, next);
    const { uid } = updated.metadata;
    this.#sets = this.#sets.map((set) => (set.metadata.uid === uid ? updated : set));
  }

  *#writeRolloutStatus(): Call<number | null> {
    const status = nextRolloutStatus(this.#deployment, this.#split(), this.#nowMs);
    yield* this.#writeStatus(status);
    return untilStuckMs(this.#deployment, status, this.#nowMs);
  }

  *#writeRevision(revision: string, conditions: readonly DeploymentCondition[]): Call<void> {
    const { annotations } = this.#deployment.metadata;
    const before = this.#deployment.status.conditions ?? [];
    if (annotations?.[REVISION] === revision && conditions === before) return;
    this.#deployment = {
      ...this.#deployment,
      metadata: {
        ...this.#deployment.metadata,
        annotations: { ...annotations, [REVISION]: revision },
      },
    };
    yield* this.#update({ ...this.#deployment.status, ...listOf(conditions) });
  }

  *#writeConditions(conditions: readonly DeploymentCondition[]): Call<void> {
    yield* this.#update({ ...this.#deployment.status, ...listOf(conditions) });
  }

  *#writeStatus(status: DeploymentStatus): Call<void> {
    if (!semanticEqual(status, this.#deployment.status)) yield* this.#update(status);
  }

  *#update(status: DeploymentStatus): Call<void> {
    const next = { ...this.#deployment, status };
    this.#deployment = yield* this.view.client.updateStatus<Deployment>(DEPLOYMENTS, next);
  }

  #emit(type: "Normal" | "Warning", reason: string, message: string): void {
    this.view.events.emit(objectReference(this.#deployment), type, reason, message);
  }
}

const scaledText = (direction: "up" | "down", name: string, from: number, to: number): string =>
  `Scaled ${direction} replica set ${name} from ${from} to ${to}`;

const listOf = (
  conditions: readonly DeploymentCondition[],
): Pick<DeploymentStatus, "conditions"> =>
  conditions.length === 0 ? {} : { conditions: [...conditions] };

export const isNamespaceTerminating = (error: unknown): boolean =>
  isStatusError(error) &&
  error.status.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating") === true;
