import { startDeploymentReconciler } from "./deployment/deployment-reconciler.js";
import { startDisruptionReconciler } from "./disruption/disruption-reconciler.js";
import { startEndpointSliceReconciler } from "./endpoint-slices/endpoint-slice-reconciler.js";
import { startSliceMirroring } from "./endpoint-slices/slice-mirroring.js";
import { startEndpointsReconciler } from "./endpoints/endpoints-reconciler.js";
import { startGarbageCollector } from "./garbage-collector/garbage-collector.js";
import { startNamespaceReconciler } from "./namespace/namespace-reconciler.js";
import { startNodeLifecycleReconciler } from "./node-lifecycle/node-lifecycle-reconciler.js";
import { startPodGarbageCollector } from "./pod-gc/pod-gc-reconciler.js";
import type { ReconcilerContext } from "./reconciler-context.js";
import { startReplicaSetReconciler } from "./replica-set/replica-set-reconciler.js";
import { startRootCaPublisher } from "./root-ca/root-ca-publisher.js";
import { startServiceAccountReconciler } from "./service-account/service-account-reconciler.js";
import { startEphemeralVolumes } from "./storage/ephemeral-volume-reconciler.js";
import { startLocalPathProvisioner } from "./storage/local-path-provisioner.js";
import { startStorageProtection } from "./storage/storage-protection.js";
import { startVolumeBinder } from "./storage/volume-binder.js";
import { startTaintEviction } from "./taint-eviction/taint-eviction-reconciler.js";

export { SharedInformers, type ReconcilerContext } from "./reconciler-context.js";

/** Starts Kubernetes' control loops, then the informers they share. */
export const startReconcilers = (context: ReconcilerContext): void => {
  startNamespaceReconciler(context);
  startServiceAccountReconciler(context);
  startRootCaPublisher(context);
  startNodeLifecycleReconciler(context);
  startTaintEviction(context);
  startPodGarbageCollector(context);
  startGarbageCollector(context);
  startDisruptionReconciler(context);
  startEndpointsReconciler(context);
  startEndpointSliceReconciler(context);
  startSliceMirroring(context);
  startDeploymentReconciler(context);
  startReplicaSetReconciler(context);
  startVolumeBinder(context);
  startLocalPathProvisioner(context);
  startStorageProtection(context);
  startEphemeralVolumes(context);
  context.informers.start();
};
