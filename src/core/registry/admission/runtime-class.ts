import type { Pod, RuntimeClass, Toleration } from "../../api/index.js";
import { isSameValue } from "../../store/index.js";
import { admissionForbids } from "../refusals.js";
import type { WriteContext } from "../strategy.js";

/** Overhead and scheduling of a pod's RuntimeClass. plugin/pkg/admission/runtimeclass/admission.go, 1.34 */
export const withRuntimeClass = (pod: Pod, context: WriteContext): Pod => {
  const runtimeClass = classOf(pod, context);
  if (runtimeClass === null) return pod;
  const { overhead, scheduling } = runtimeClass;
  const nodeSelector = mergedSelector(pod, scheduling?.nodeSelector ?? {}, context);
  const tolerations = withTolerations(pod.spec.tolerations ?? [], scheduling?.tolerations ?? []);
  return {
    ...pod,
    spec: {
      ...pod.spec,
      ...(overhead?.podFixed === undefined ? {} : { overhead: overhead.podFixed }),
      ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector }),
      ...(tolerations.length === 0 ? {} : { tolerations }),
    },
  };
};

/** @throws StatusError 403 when it is not there, or has another overhead than the pod says. */
const classOf = (pod: Pod, { resource, store }: WriteContext): RuntimeClass | null => {
  const { runtimeClassName = "", overhead } = pod.spec;
  const refuse = (why: string) => admissionForbids(resource, pod, `pod rejected: ${why}`);
  if (runtimeClassName === "") {
    if (overhead === undefined) return null;
    throw refuse("Pod Overhead set without corresponding RuntimeClass defined Overhead");
  }
  const found = store.get("runtimeclasses.node.k8s.io", "", runtimeClassName);
  if (found === undefined) throw refuse(`RuntimeClass "${runtimeClassName}" not found`);
  const runtimeClass = found as RuntimeClass;
  if (overhead !== undefined && !isSameValue(overhead, runtimeClass.overhead?.podFixed)) {
    throw refuse("Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  }
  return runtimeClass;
};

const mergedSelector = (
  pod: Pod,
  added: Readonly<Record<string, string>>,
  { resource }: WriteContext,
): Record<string, string> => {
  const merged = { ...pod.spec.nodeSelector };
  for (const [key, value] of Object.entries(added)) {
    const own = merged[key];
    if (own !== undefined && own !== value) {
      throw admissionForbids(
        resource,
        pod,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`,
      );
    }
    merged[key] = value;
  }
  return merged;
};

const withTolerations = (own: Toleration[], added: readonly Toleration[]): Toleration[] => {
  const missing = added.filter(
    (toleration) => !own.some((other) => isSameValue(other, toleration)),
  );
  return missing.length === 0 ? own : [...own, ...missing];
};
