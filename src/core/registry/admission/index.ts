import {
  CLAIM_PROTECTION,
  VOLUME_PROTECTION,
  type KubeObject,
  type Node,
  type PersistentVolumeClaim,
  type Pod,
  type PriorityClass,
} from "../../api/index.js";
import type { WriteContext } from "../strategy.js";
import { checkClaimGrowth, withDefaultStorageClass, withFinalizer } from "./claim-storage.js";
import { withDefaultTolerations } from "./default-tolerations.js";
import { withLimitRangeDefaults } from "./limit-range-defaults.js";
import { checkClaimLimits, checkPodLimits } from "./limit-range.js";
import { checkNamespaceDeletion, checkNamespaceForCreate } from "./namespace-lifecycle.js";
import { withNotReadyTaint } from "./node-taint.js";
import { checkPriorityClass, withPriority } from "./priority.js";
import { checkQuotas } from "./resource-quota.js";
import { withRuntimeClass } from "./runtime-class.js";
import { withServiceAccount } from "./service-account.js";

/**
 * What a new object becomes before it is validated. The order is that of pkg/kubeapiserver/options/plugins.go, 1.34.
 * @throws StatusError 403 or 404 when it may not be.
 */
export const admitCreate = (object: KubeObject, context: WriteContext): KubeObject => {
  checkNamespaceForCreate(object, context);
  switch (context.resource.storage) {
    case "pods":
      return admitPod(object as Pod, context);
    case "persistentvolumeclaims":
      return withFinalizer(
        withDefaultStorageClass(object as PersistentVolumeClaim, context),
        CLAIM_PROTECTION,
      );
    case "persistentvolumes":
      return withFinalizer(object, VOLUME_PROTECTION);
    case "nodes":
      return withNotReadyTaint(object as Node);
    default:
      return object;
  }
};

const admitPod = (pod: Pod, context: WriteContext): Pod => {
  const limited = withLimitRangeDefaults(pod, context);
  const authenticated = withServiceAccount(limited, context);
  const ranked = withPriority(authenticated, context);
  return withRuntimeClass(withDefaultTolerations(ranked), context);
};

/** What is looked at when the object is complete and valid. @throws StatusError 403 */
export const checkCreate = (object: KubeObject, context: WriteContext): void => {
  switch (context.resource.storage) {
    case "pods":
      checkPodLimits(object as Pod, context);
      break;
    case "persistentvolumeclaims":
      checkClaimLimits(object as PersistentVolumeClaim, context);
      break;
    case "priorityclasses.scheduling.k8s.io":
      checkPriorityClass(object as PriorityClass, context);
      break;
    default:
  }
  checkQuotas(object, null, context);
};

export const admitUpdate = (next: KubeObject, context: WriteContext): KubeObject =>
  context.resource.storage === "pods" && context.subresource === undefined
    ? withDefaultTolerations(next as Pod)
    : next;

/** @throws StatusError 403 */
export const checkUpdate = (
  next: KubeObject,
  previous: KubeObject,
  context: WriteContext,
): void => {
  if (context.subresource !== undefined) return;
  if (context.resource.storage === "priorityclasses.scheduling.k8s.io") {
    checkPriorityClass(next as PriorityClass, context);
  }
  if (context.resource.storage === "persistentvolumeclaims") {
    checkClaimGrowth(next as PersistentVolumeClaim, previous as PersistentVolumeClaim, context);
    checkQuotas(next, previous, context);
  }
};

/** @throws StatusError 403 */
export const admitDelete = (name: string, context: WriteContext): void => {
  checkNamespaceDeletion(name, context);
};
