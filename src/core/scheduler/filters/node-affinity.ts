import type { Node, NodeSelectorRequirement, NodeSelectorTerm } from "../../api/index.js";
import type { Filter } from "./filter.js";

/** nodeSelector and required node affinity must both match (SCHED-8). */
export const nodeAffinity: Filter = {
  plugin: "NodeAffinity",
  helpedBy: ["node-added", "node-changed", "pod-changed"],
  check({ pod }, { node }) {
    if (node !== null && matchesNodeSelector(pod.spec.nodeSelector, node)) {
      const required =
        pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
      if (
        required === undefined ||
        required.nodeSelectorTerms.some((term) => matchesTerm(term, node))
      )
        return null;
    }
    return {
      plugin: this.plugin,
      reasons: ["node(s) didn't match Pod's node affinity/selector"],
      resolvable: false,
    };
  },
};

const matchesNodeSelector = (
  selector: Readonly<Record<string, string>> | undefined,
  node: Node,
): boolean =>
  Object.entries(selector ?? {}).every(([key, value]) => node.metadata.labels?.[key] === value);

/** A term without requirements matches nothing (component-helpers scheduling/corev1/nodeaffinity, 1.34). */
export const matchesTerm = (term: NodeSelectorTerm, node: Node): boolean => {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length + fields.length === 0) return false;
  return (
    expressions.every((requirement) =>
      matchesRequirement(requirement, node.metadata.labels?.[requirement.key]),
    ) &&
    fields.every(
      (requirement) =>
        requirement.key === "metadata.name" && matchesRequirement(requirement, node.metadata.name),
    )
  );
};

const matchesRequirement = (
  { operator, values = [] }: NodeSelectorRequirement,
  actual: string | undefined,
): boolean => {
  switch (operator) {
    case "In":
      return actual !== undefined && values.includes(actual);
    case "NotIn":
      return actual === undefined || !values.includes(actual);
    case "Exists":
      return actual !== undefined;
    case "DoesNotExist":
      return actual === undefined;
    case "Gt":
      return isInteger(actual) && isInteger(values[0]) && BigInt(actual) > BigInt(values[0]);
    case "Lt":
      return isInteger(actual) && isInteger(values[0]) && BigInt(actual) < BigInt(values[0]);
    default:
      return false;
  }
};

const isInteger = (text: string | undefined): text is string =>
  text !== undefined && /^-?\d{1,19}$/.test(text);
