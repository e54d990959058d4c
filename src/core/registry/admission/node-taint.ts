import type { Node } from "../../api/index.js";

const NOT_READY = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" } as const;

/** No pod comes to a new node before it is ready. plugin/pkg/admission/nodetaint/admission.go, 1.34 */
export const withNotReadyTaint = (node: Node): Node => {
  const taints = node.spec.taints ?? [];
  if (taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) {
    return node;
  }
  return { ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } };
};
