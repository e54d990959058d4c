import {
  formatTime,
  isStatusError,
  RESOURCES,
  type KubeObject,
  type Namespace,
  type Pod,
} from "../../api/index.js";
import { WorkQueue, type Client } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { ignoreRefusal } from "../ignore-refusal.js";
import { FINALIZER_ESTIMATE_SECONDS } from "../limits.js";
import type { ReconcilerContext } from "../reconciler-context.js";
import { deletionConditions, type RemainingContent } from "./deletion-conditions.js";

/** The finalizer of the namespace's spec that this loop answers for. */
const FINALIZER = "kubernetes";

/** Storage of everything that lives in a namespace; two rows of the table may share one. */
const NAMESPACED = [
  ...new Set(RESOURCES.filter(({ namespaced }) => namespaced).map(({ storage }) => storage)),
];

/**
 * Empties a namespace that is being deleted and then lets it go (pkg/controller/namespace/deletion/namespaced_resources_deleter.go, 1.34). Pods get their
 * grace; what remains is looked at again when half of that is over.
 */
export const startNamespaceReconciler = (context: ReconcilerContext): void => {
  const { engine, informers } = context;
  const queue = new WorkQueue(engine);
  const enqueue = (namespace: Namespace): void => {
    if (namespace.metadata.deletionTimestamp !== undefined) queue.add(namespace.metadata.name);
  };
  informers.namespaces.addHandlers({ onAdd: enqueue, onUpdate: enqueue });
  informers.pods.addHandlers({
    onDelete: ({ metadata }) => {
      const namespace = informers.namespaces.get("", metadata.namespace);
      if (namespace !== undefined) enqueue(namespace);
    },
  });
  queue.startWorker("namespace-reconciler", function* (name): Call<void> {
    const waitSeconds = yield* empty(context, name);
    if (waitSeconds > 0) queue.addAfter(name, waitSeconds * 1000);
  });
};

/** @returns seconds until it is worth another look; 0 when the namespace is gone or not to be emptied. */
function* empty({ engine, client, informers }: ReconcilerContext, name: string): Call<number> {
  const namespace = informers.namespaces.get("", name);
  if (namespace?.metadata.deletionTimestamp === undefined) return 0;
  if (!(namespace.spec.finalizers ?? []).includes(FINALIZER)) return 0;
  const remaining = yield* deleteContent(client, name);
  const conditions = deletionConditions(
    namespace.status.conditions ?? [],
    remaining,
    formatTime(engine.nowMs),
  );
  try {
    const updated = yield* client.updateStatus<Namespace>("namespaces", {
      ...namespace,
      status: { ...namespace.status, phase: "Terminating", conditions },
    });
    if (remaining.objects.size > 0) return Math.floor(remaining.estimateSeconds / 2) + 1;
    const finalizers = (updated.spec.finalizers ?? []).filter(
      (finalizer) => finalizer !== FINALIZER,
    );
    yield* client.updateSubresource("namespaces", "finalize", {
      ...updated,
      spec: { ...updated.spec, finalizers },
    });
  } catch (error) {
    // It changed meanwhile, and that change brings us back; or it is gone.
    if (!isStatusError(error)) throw error;
  }
  return 0;
}

interface Remaining extends RemainingContent {
  readonly estimateSeconds: number;
}

function* deleteContent(client: Client, namespace: string): Call<Remaining> {
  const objects = new Map<string, number>();
  const finalizers = new Map<string, number>();
  let estimateSeconds = 0;
  for (const resource of NAMESPACED) {
    for (const object of yield* client.list(resource, { namespace }))
      yield* remove(client, resource, object);
    const left = yield* client.list(resource, { namespace });
    if (left.length > 0) objects.set(resource, left.length);
    for (const object of left) {
      for (const finalizer of object.metadata.finalizers ?? [])
        finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
      estimateSeconds = Math.max(estimateSeconds, estimateOf(resource, object));
    }
  }
  return { objects, finalizers, estimateSeconds };
}

const estimateOf = (resource: string, object: KubeObject): number => {
  if ((object.metadata.finalizers ?? []).length > 0) return FINALIZER_ESTIMATE_SECONDS;
  return resource === "pods" ? ((object as Pod).spec.terminationGracePeriodSeconds ?? 0) : 0;
};

function* remove(client: Client, resource: string, { metadata }: KubeObject): Call<void> {
  if (metadata.deletionTimestamp !== undefined) return;
  yield* ignoreRefusal(
    client.delete(resource, metadata.namespace ?? "", metadata.name, {
      uid: metadata.uid,
      propagationPolicy: "Background",
    }),
  );
}
