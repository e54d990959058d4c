import {
  isStatusError,
  labelSelectorFrom,
  type Deployment,
  type OwnerReference,
  type Pod,
  type ReplicaSet,
} from "../../api/index.js";
import { EventRecorder, WorkQueue } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { claim, controllerOf } from "../controller-reference.js";
import { DEPLOYMENT_RETRIES } from "../limits.js";
import {
  BY_CONTROLLER,
  NAMESPACE_INDEX,
  type ReconcilerContext,
  type SharedInformers,
} from "../reconciler-context.js";
import {
  DEPLOYMENTS,
  DeploymentSync,
  isNamespaceTerminating,
  REPLICA_SETS,
} from "./deployment-sync.js";

/** Rolls out what Deployments describe, one replica set per template (pkg/controller/deployment/deployment_controller.go, 1.34). */
export const startDeploymentReconciler = (context: ReconcilerContext): void => {
  const { engine, client, informers } = context;
  const queue = new WorkQueue(engine);
  const events = new EventRecorder({ engine, client, component: "deployment-controller" });
  const podsOf = (sets: readonly ReplicaSet[]): readonly Pod[] =>
    sets.flatMap(({ metadata }) => informers.pods.byIndex(BY_CONTROLLER, metadata.uid));
  watchDeployments(informers, (deployment) => {
    queue.add(keyOf(deployment));
  });
  queue.startWorker("deployment-controller", function* (key): Call<void> {
    yield* informers.deployments.waitForSync();
    yield* informers.replicaSets.waitForSync();
    yield* informers.pods.waitForSync();
    const [namespace = "", name = ""] = key.split("/");
    const deployment = informers.deployments.get(namespace, name);
    if (deployment === undefined) return;
    try {
      const sets = yield* claimSets(context, deployment);
      const view = { client, events, nowMs: engine.nowMs, deployment, sets, podsOf };
      const waitMs = yield* new DeploymentSync(view).run();
      if (waitMs !== null) queue.addAfter(key, waitMs);
    } catch (error) {
      if (!isStatusError(error)) throw error;
      const isLost = isNamespaceTerminating(error) || queue.requeues(key) >= DEPLOYMENT_RETRIES;
      if (!isLost) throw error;
    }
  });
};

function* claimSets(
  { client, informers }: ReconcilerContext,
  deployment: Deployment,
): Call<readonly ReplicaSet[]> {
  const selector = labelSelectorFrom(deployment.spec.selector);
  const owner = { object: deployment, resource: DEPLOYMENTS, selector };
  const sets = informers.replicaSets.byIndex(NAMESPACE_INDEX, deployment.metadata.namespace);
  return yield* claim(client, owner, REPLICA_SETS, sets);
}

/** deployment_controller.go addReplicaSet, updateReplicaSet, deletePod, 1.34 */
const watchDeployments = (
  informers: SharedInformers,
  enqueue: (deployment: Deployment) => void,
): void => {
  informers.deployments.addHandlers({ onAdd: enqueue, onUpdate: enqueue, onDelete: enqueue });
  const deploymentOf = (
    set: ReplicaSet,
    reference: OwnerReference | undefined,
  ): Deployment | undefined => {
    if (reference?.kind !== "Deployment") return undefined;
    const deployment = informers.deployments.get(set.metadata.namespace, reference.name);
    return deployment?.metadata.uid === reference.uid ? deployment : undefined;
  };
  const noteSet = (set: ReplicaSet): void => {
    const controller = controllerOf(set.metadata);
    if (controller !== undefined) {
      const deployment = deploymentOf(set, controller);
      if (deployment !== undefined) enqueue(deployment);
      return;
    }
    const { namespace, labels } = set.metadata;
    for (const deployment of informers.deployments.byIndex(NAMESPACE_INDEX, namespace))
      if (labelSelectorFrom(deployment.spec.selector).matches(labels)) enqueue(deployment);
  };
  informers.replicaSets.addHandlers({
    onAdd: noteSet,
    onDelete: noteSet,
    onUpdate: (set, previous) => {
      const before = controllerOf(previous.metadata);
      const former = deploymentOf(previous, before);
      if (former !== undefined && before?.uid !== controllerOf(set.metadata)?.uid) enqueue(former);
      noteSet(set);
    },
  });
  // The last pod of one that is recreated clears the way for the new ones.
  informers.pods.addHandlers({
    onDelete: (pod) => {
      const reference = controllerOf(pod.metadata);
      if (reference?.kind !== "ReplicaSet") return;
      const set = informers.replicaSets.get(pod.metadata.namespace, reference.name);
      const deployment =
        set === undefined ? undefined : deploymentOf(set, controllerOf(set.metadata));
      if (deployment?.spec.strategy?.type === "Recreate") enqueue(deployment);
    },
  });
};

const keyOf = ({ metadata }: Deployment): string => `${metadata.namespace}/${metadata.name}`;
