import type { Pod, PriorityClass } from "../../api/index.js";
import { admissionForbids } from "../refusals.js";
import type { WriteContext } from "../strategy.js";

const STORAGE = "priorityclasses.scheduling.k8s.io";

/** DEF-10: a pod's priority comes from its class, or from the default one. plugin/pkg/admission/priority/admission.go, 1.34 */
export const withPriority = (pod: Pod, context: WriteContext): Pod => {
  const { resource } = context;
  const chosen = classOf(pod, context);
  const priority = chosen?.value ?? 0;
  const preemptionPolicy = chosen?.preemptionPolicy ?? "PreemptLowerPriority";
  const { spec } = pod;
  if (spec.priority !== undefined && spec.priority !== priority) {
    throw admissionForbids(
      resource,
      pod,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`,
    );
  }
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy) {
    throw admissionForbids(
      resource,
      pod,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`,
    );
  }
  return {
    ...pod,
    spec: {
      ...spec,
      ...(chosen === undefined ? {} : { priorityClassName: chosen.metadata.name }),
      priority,
      preemptionPolicy,
    },
  };
};

/** @throws StatusError 403 when the class that the pod names is not there. */
const classOf = (pod: Pod, context: WriteContext): PriorityClass | undefined => {
  const { priorityClassName = "" } = pod.spec;
  if (priorityClassName === "") return defaultClass(context);
  const found = context.store.get(STORAGE, "", priorityClassName);
  if (found !== undefined) return found as PriorityClass;
  throw admissionForbids(
    context.resource,
    pod,
    `no PriorityClass with name ${priorityClassName} was found`,
  );
};

/** The lowest one, should there be several. */
const defaultClass = ({ store }: WriteContext): PriorityClass | undefined =>
  (store.list(STORAGE) as PriorityClass[])
    .filter(({ globalDefault }) => globalDefault === true)
    .reduce<PriorityClass | undefined>(
      (lowest, next) =>
        lowest === undefined || (next.value ?? 0) < (lowest.value ?? 0) ? next : lowest,
      undefined,
    );

/** There is one default at most. */
export const checkPriorityClass = (priorityClass: PriorityClass, context: WriteContext): void => {
  if (priorityClass.globalDefault !== true) return;
  const other = defaultClass(context);
  if (other === undefined || other.metadata.name === priorityClass.metadata.name) return;
  throw admissionForbids(
    context.resource,
    priorityClass,
    `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`,
  );
};
