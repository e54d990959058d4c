import { asInteger, formatQuantity, parseQuantity, quantityFromInteger } from "../../api/index.js";
import { findContainer } from "../pod-spec.js";
import type { Candidate } from "./eviction-order.js";
import type { ContainerUsage } from "./pod-usage.js";
import type { EvictionResource, MetThreshold } from "./thresholds.js";

export interface EvictionMessage {
  /** Of the pod's status and of the event. */
  readonly message: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** EVICT-2, spaces at the end of sentences included. pkg/kubelet/eviction/helpers.go, 1.34: evictionMessage. */
export function evictionMessage(
  { pod, usage }: Candidate,
  { resource, quantity, available }: MetThreshold,
): EvictionMessage {
  const offenders = usage.containers.flatMap((container) => {
    const used = usedBy(container, resource);
    const request = findContainer(pod.spec, container.name)?.container.resources?.requests?.[
      resource
    ];
    const requested = parseQuantity(request ?? "0");
    if (used === null || used <= asInteger(requested)) return [];
    const text = formatted(used, resource);
    return [{ name: container.name, used: text, requested: formatQuantity(requested) }];
  });
  const sentences = [
    `The node was low on resource: ${resource}. `,
    `Threshold quantity: ${formatted(quantity, resource)}, available: ${formatted(available, resource)}. `,
    ...offenders.map(
      ({ name, used, requested }) =>
        `Container ${name} was using ${used}, request is ${requested}, has larger consumption of ${resource}. `,
    ),
  ];
  return {
    message: sentences.join(""),
    annotations: {
      offending_containers: offenders.map(({ name }) => name).join(),
      offending_containers_usage: offenders.map(({ used }) => used).join(),
      starved_resource: resource,
    },
  };
}

/** Inodes are not blamed on containers. */
const usedBy = (container: ContainerUsage, resource: EvictionResource): number | null => {
  switch (resource) {
    case "memory":
      return container.memoryBytes;
    case "ephemeral-storage":
      return container.diskBytes;
    case "inodes":
      return null;
  }
};

const formatted = (amount: number, resource: EvictionResource): string =>
  formatQuantity(quantityFromInteger(amount, resource === "inodes" ? "DecimalSI" : "BinarySI"));
