import { isStatusError, type ServiceAccount } from "../../api/index.js";
import { Informer, WorkQueue } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import type { ReconcilerContext } from "../reconciler-context.js";

const NAME = "default";

/** Keeps a ServiceAccount `default` in every active namespace (pkg/controller/serviceaccount/serviceaccounts_controller.go, 1.34). */
export const startServiceAccountReconciler = ({
  engine,
  client,
  informers,
}: ReconcilerContext): void => {
  const queue = new WorkQueue(engine);
  const accounts = new Informer<ServiceAccount>(client, "serviceaccounts");
  informers.namespaces.addHandlers({
    onAdd: ({ metadata }) => {
      queue.add(metadata.name);
    },
    onUpdate: ({ metadata }) => {
      queue.add(metadata.name);
    },
  });
  accounts.addHandlers({
    onDelete: ({ metadata }) => {
      queue.add(metadata.namespace);
    },
  });
  accounts.start();
  queue.startWorker("serviceaccount-reconciler", function* (namespace): Call<void> {
    const active = informers.namespaces.get("", namespace)?.status.phase === "Active";
    if (!active || accounts.get(namespace, NAME) !== undefined) return;
    try {
      yield* client.create("serviceaccounts", namespace, {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: NAME, namespace },
      });
    } catch (error) {
      // Made by somebody else, or the namespace went away meanwhile: both are fine.
      if (!isStatusError(error)) throw error;
    }
  });
};
