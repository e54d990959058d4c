import { isStatusError, type ConfigMap } from "../../api/index.js";
import { Informer, WorkQueue } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import type { ReconcilerContext } from "../reconciler-context.js";
import { ROOT_CERTIFICATE } from "./certificate.js";

const NAME = "kube-root-ca.crt";
const DATA = { "ca.crt": ROOT_CERTIFICATE };
/** pkg/controller/certificates/rootcacertpublisher/publisher.go, 1.34. */
const DESCRIPTION =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. " +
  "No other usage is guaranteed across distributions of Kubernetes clusters.";

/** Keeps the ConfigMap `kube-root-ca.crt` in every active namespace: every pod's service account volume mounts it. */
export const startRootCaPublisher = ({ engine, client, informers }: ReconcilerContext): void => {
  const queue = new WorkQueue(engine);
  const configMaps = new Informer<ConfigMap>(client, "configmaps", {
    fieldSelector: `metadata.name=${NAME}`,
  });
  informers.namespaces.addHandlers({
    onAdd: ({ metadata }) => {
      queue.add(metadata.name);
    },
    onUpdate: ({ metadata }) => {
      queue.add(metadata.name);
    },
  });
  configMaps.addHandlers({
    onUpdate: ({ metadata }) => {
      queue.add(metadata.namespace);
    },
    onDelete: ({ metadata }) => {
      queue.add(metadata.namespace);
    },
  });
  configMaps.start();
  queue.startWorker("root-ca-publisher", function* (namespace): Call<void> {
    if (informers.namespaces.get("", namespace)?.status.phase !== "Active") return;
    const current = configMaps.get(namespace, NAME);
    if (current?.data?.["ca.crt"] === ROOT_CERTIFICATE) return;
    try {
      if (current !== undefined) {
        yield* client.update("configmaps", { ...current, data: DATA });
        return;
      }
      yield* client.create("configmaps", namespace, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: {
          name: NAME,
          namespace,
          annotations: { "kubernetes.io/description": DESCRIPTION },
        },
        data: DATA,
      });
    } catch (error) {
      if (!isStatusError(error)) throw error;
    }
  });
};
