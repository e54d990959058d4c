import { type Pod, type RuntimeClass, type Toleration } from "../../api/index.js";
import { isSameValue } from "../../store/index.js";
import { admissionForbids } from "../refusals.js";
import type { WriteContext } from "../strategy.js";

/** Overhead and scheduling of a pod's RuntimeClass. plugin/pkg/admission/runtimeclass/admission.go, 1.34 */
export const withRuntimeClass = (pod: Pod, context: WriteContext): Pod => {
  const { runtimeClassName = "" } = pod.spec;
  const refuse = (why: string) => admissionForbids(context.resource, pod, why);
  if (runtimeClassName === "") {
    if (pod.spec.overhead === undefined) return pod;
    throw refuse(
      "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead",
    );
  }
  const found = context.store.get("runtimeclasses.node.k8s.io", "", runtimeClassName);
  if (found === undefined) {
    throw refuse(`pod rejected: RuntimeClass "${runtimeClassName}" not found`);
  }
  const { overhead, scheduling } = found as RuntimeClass;
  const fixed = overhead?.podFixed;
  if (pod.spec.overhead !== undefined && !isSameValue(pod.spec.overhead, fixed)) {
    throw refuse("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  }
  const nodeSelector = { ...pod.spec.nodeSelector };
  for (const [key, value] of Object.entries(scheduling?.nodeSelector ?? {})) {
    const own = nodeSelector[key];
    if (own !== undefined && own !== value) {
      throw refuse(
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`,
      );
    }
    nodeSelector[key] = value;
  }
  const tolerations = withTolerations(pod.spec.tolerations ?? [], scheduling?.tolerations ?? []);
  return {
    ...pod,
    spec: {
      ...pod.spec,
      ...(fixed === undefined ? {} : { overhead: fixed }),
      ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector }),
      ...(tolerations.length === 0 ? {} : { tolerations }),
    },
  };
};

const withTolerations = (own: Toleration[], added: readonly Toleration[]): Toleration[] => {
  const missing = added.filter(
    (toleration) => !own.some((other) => isSameValue(other, toleration)),
  );
  return missing.length === 0 ? own : [...own, ...missing];
};
