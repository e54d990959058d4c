import type { Pod, Service } from "../../api/index.js";
import { NAMESPACE_INDEX, type SharedInformers } from "../reconciler-context.js";
import { changesEndpoints, isSelected, selectsPods } from "./pod-address.js";

export const keyOf = ({ metadata }: Pick<Service, "metadata">): string =>
  `${metadata.namespace}/${metadata.name}`;

/** Namespace and name of a key. */
export const partsOf = (key: string): readonly [string, string] => {
  const slash = key.indexOf("/");
  return [key.slice(0, slash), key.slice(slash + 1)];
};

export const podsOf = (informers: SharedInformers, service: Service): readonly Pod[] =>
  informers.pods
    .byIndex(NAMESPACE_INDEX, service.metadata.namespace)
    .filter((pod) => isSelected(service, pod.metadata.labels));

/** Tells the key of each Service whose endpoints may be other ones now. A pod in a namespace without Services costs nothing. */
export const watchServicePods = (
  informers: SharedInformers,
  enqueue: (key: string) => void,
): void => {
  const enqueueService = (service: Service): void => {
    enqueue(keyOf(service));
  };
  informers.services.addHandlers({
    onAdd: enqueueService,
    onUpdate: enqueueService,
    onDelete: enqueueService,
  });
  const enqueueFor = (namespace: string, ...labels: Pod["metadata"]["labels"][]): void => {
    for (const service of informers.services.byIndex(NAMESPACE_INDEX, namespace)) {
      if (selectsPods(service) && labels.some((each) => isSelected(service, each)))
        enqueueService(service);
    }
  };
  const enqueuePod = ({ metadata }: Pod): void => {
    enqueueFor(metadata.namespace, metadata.labels);
  };
  informers.pods.addHandlers({
    onAdd: enqueuePod,
    onDelete: enqueuePod,
    onUpdate: (pod, previous) => {
      const { labels, namespace } = pod.metadata;
      const before = previous.metadata.labels;
      if (labels !== before) enqueueFor(namespace, labels, before);
      else if (changesEndpoints(pod, previous)) enqueuePod(pod);
    },
  });
};
