/** cmd/kube-controller-manager/app/options, 1.34: --node-monitor-period. */
export const NODE_MONITOR_PERIOD_MS = 5_000;
/** cmd/kube-controller-manager/app/options/nodelifecyclecontroller.go, 1.34: --node-monitor-grace-period (NODE-3). */
export const NODE_MONITOR_GRACE_MS = 50_000;
/** cmd/kube-controller-manager, 1.34: --node-startup-grace-period. */
export const NODE_STARTUP_GRACE_MS = 60_000;
/** pkg/controller/podgc/gc_controller.go, 1.34: quarantineTime, how long a node must be gone before its pods go. */
export const NODE_QUARANTINE_MS = 40_000;
/** pkg/controller/podgc/gc_controller.go, 1.34: gcCheckPeriod. */
export const POD_GC_PERIOD_MS = 20_000;
/** cmd/kube-controller-manager, 1.34: --terminated-pod-gc-threshold. */
export const TERMINATED_POD_THRESHOLD = 12_500;
/** pkg/controller/namespace/deletion/namespaced_resources_deleter.go, 1.34: finalizerEstimateSeconds. */
export const FINALIZER_ESTIMATE_SECONDS = 15;
/** pkg/controller/endpoint/endpoints_controller.go, 1.34: maxCapacity, addresses of one Endpoints object. */
export const MAX_ENDPOINTS = 1000;
/** pkg/controller/endpoint/endpoints_controller.go and endpointslice_controller.go, 1.34: maxRetries. */
export const ENDPOINT_RETRIES = 15;
/** cmd/kube-controller-manager, 1.34: --max-endpoints-per-slice. */
export const MAX_ENDPOINTS_PER_SLICE = 100;
/** pkg/controller/endpointslice/endpointslice_controller.go, 1.34: endpointSliceChangeMinSyncDelay. */
export const SLICE_CHANGE_DELAY_MS = 1000;
/** pkg/controller/endpointslice/endpointslice_controller.go, 1.34: defaultSyncBackOff, maxSyncBackOff. */
export const SLICE_BACKOFF_MS = 1000;
export const SLICE_MAX_BACKOFF_MS = 1_000_000;
/** cmd/kube-controller-manager, 1.34: --mirroring-max-endpoints-per-subset. */
export const MAX_MIRRORED_ENDPOINTS = 1000;
/** pkg/controller/disruption/disruption.go, 1.34: DeletionTimeout and stalePodDisruptionTimeout, both 2 minutes. */
export const DISRUPTED_POD_TIMEOUT_MS = 120_000;
/** What a volume takes to be made or taken away: the provisioner starts a pod for it. */
export const PROVISION_MS = 1000;
/** sigs.k8s.io/sig-storage-lib-external-provisioner, controller.go, v10: DefaultThreadiness. */
export const PROVISIONER_WORKERS = 4;
/** pkg/controller/controller_utils.go, 1.34: ExpectationsTimeout. */
export const EXPECTATIONS_TIMEOUT_MS = 300_000;
/** pkg/controller/controller_utils.go, 1.34: SlowStartInitialBatchSize. */
export const SLOW_START_BATCH = 1;
/** pkg/controller/replicaset/replica_set.go, 1.34: BurstReplicas, pods made or deleted at once. */
export const BURST_REPLICAS = 500;
/** pkg/controller/deployment/deployment_controller.go, 1.34: maxRetries. */
export const DEPLOYMENT_RETRIES = 15;
/** pkg/controller/deployment/sync.go, 1.34: maxRevHistoryLengthInChars. */
export const MAX_REVISION_HISTORY_CHARACTERS = 2000;
