import type { NamespaceCondition } from "../../api/index.js";

/** What is left in a namespace: how many objects per group-resource, and how many hold which finalizer. */
export interface RemainingContent {
  readonly objects: ReadonlyMap<string, number>;
  readonly finalizers: ReadonlyMap<string, number>;
}

/** The five conditions of a namespace that is being deleted (pkg/controller/namespace/deletion/status_condition_utils.go, 1.34). */
export const deletionConditions = (
  current: readonly NamespaceCondition[],
  remaining: RemainingContent,
  now: string,
): NamespaceCondition[] => {
  const wanted = [
    fine(
      "NamespaceDeletionDiscoveryFailure",
      "ResourcesDiscovered",
      "All resources successfully discovered",
    ),
    fine(
      "NamespaceDeletionGroupVersionParsingFailure",
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ),
    fine(
      "NamespaceDeletionContentFailure",
      "ContentDeleted",
      "All content successfully deleted, may be waiting on finalization",
    ),
    contentRemaining(remaining),
    finalizersRemaining(remaining),
  ];
  return wanted.map((condition) => {
    const before = current.find(({ type }) => type === condition.type);
    const isSame = before?.status === condition.status && before.message === condition.message;
    return isSame ? before : { ...condition, lastTransitionTime: now };
  });
};

const fine = (type: string, reason: string, message: string): NamespaceCondition => ({
  type,
  status: "False",
  reason,
  message,
});

const contentRemaining = ({ objects }: RemainingContent): NamespaceCondition => {
  const type = "NamespaceContentRemaining";
  if (objects.size === 0) return fine(type, "ContentRemoved", "All content successfully removed");
  // A resource of the core group is followed by a bare dot: the format is "<resource>.<group> has <n> resource instances".
  const parts = [...objects].map(
    ([resource, count]) =>
      `${resource.includes(".") ? resource : `${resource}.`} has ${count} resource instances`,
  );
  return {
    type,
    status: "True",
    reason: "SomeResourcesRemain",
    message: `Some resources are remaining: ${parts.sort().join(", ")}`,
  };
};

const finalizersRemaining = ({ finalizers }: RemainingContent): NamespaceCondition => {
  const type = "NamespaceFinalizersRemaining";
  if (finalizers.size === 0)
    return fine(type, "ContentHasNoFinalizers", "All content-preserving finalizers finished");
  const parts = [...finalizers].map(
    ([finalizer, count]) => `${finalizer} in ${count} resource instances`,
  );
  return {
    type,
    status: "True",
    reason: "SomeFinalizersRemain",
    message: `Some content in the namespace has finalizers remaining: ${parts.sort().join(", ")}`,
  };
};
