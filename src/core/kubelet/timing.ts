/** How the kubelet paces itself. Milliseconds. */

/** A sync without error is repeated after this, jittered. `syncFrequency`, pkg/kubelet/apis/config/v1beta1/defaults.go, 1.34. */
export const RESYNC_INTERVAL_MS = 60_000;
/** pkg/kubelet/pod_workers.go, 1.34: workerResyncIntervalJitterFactor. */
export const RESYNC_JITTER_FACTOR = 0.5;
/** A sync with an error is repeated after this, jittered. pkg/kubelet/kubelet.go, 1.34: backOffPeriod. */
export const ERROR_BACKOFF_MS = 10_000;
/** While the network is not ready. pkg/kubelet/pod_workers.go, 1.34: backOffOnTransientErrorPeriod. */
export const TRANSIENT_ERROR_BACKOFF_MS = 1_000;
/** pkg/kubelet/pod_workers.go, 1.34: workerBackOffPeriodJitterFactor. */
export const ERROR_JITTER_FACTOR = 0.5;

/**
 * How often the generic PLEG looks at the runtime (pkg/kubelet/kubelet.go, 1.34: genericPlegRelistPeriod). Ours is evented; but there, the relist
 * after a crash mostly makes for one more sync, which is what shows CrashLoopBackOff soon after. So we come round once more after this time.
 */
export const RELIST_MS = 1_000;

/** How long a look at a ConfigMap or Secret waits for the first word of it. pkg/kubelet/util/manager/watch_based_manager.go, 1.34: Get. */
export const SOURCE_SYNC_TIMEOUT_MS = 1_000;

/** Container restarts. pkg/kubelet/kubelet.go, 1.34: initialCrashLoopBackOff and MaxCrashLoopBackOff. */
export const CRASH_LOOP_INITIAL_MS = 10_000;
export const CRASH_LOOP_MAX_MS = 300_000;
/** Image pulls. pkg/kubelet/kubelet.go, 1.34: imageBackOffPeriod and MaxImageBackOff. */
export const IMAGE_BACKOFF_INITIAL_MS = 10_000;
export const IMAGE_BACKOFF_MAX_MS = 300_000;

/** The least time between the stop signal and the kill. pkg/kubelet/kuberuntime/kuberuntime_manager.go, 1.34: minimumGracePeriodInSeconds. */
export const MINIMUM_GRACE_SECONDS = 2;

/** How often resizes that had no room are tried again. pkg/kubelet/allocation/allocation_manager.go, 1.34: retryDelay. */
export const RESIZE_RETRY_MS = 180_000;

/** pkg/kubelet/kubelet.go, 1.34: evictionMonitoringPeriod. */
export const EVICTION_INTERVAL_MS = 10_000;
/** pkg/kubelet/eviction/eviction_manager.go, 1.34: podCleanupPollFreq and podCleanupTimeout. */
export const EVICTION_CLEANUP_POLL_MS = 1_000;
export const EVICTION_CLEANUP_TIMEOUT_MS = 30_000;
/** pkg/kubelet/apis/config/v1beta1/defaults.go, 1.34: evictionPressureTransitionPeriod. */
export const PRESSURE_TRANSITION_MS = 300_000;

/**
 * Graceful shutdown is off by default; these are the values that Kubernetes' own documentation sets (Node Shutdowns): shutdownGracePeriod of 30 s, of which
 * shutdownGracePeriodCriticalPods are the last 10 s.
 */
export const SHUTDOWN_GRACE_SECONDS = 20;
export const SHUTDOWN_CRITICAL_GRACE_SECONDS = 10;

/** pkg/kubelet/kubelet.go, 1.34: ImageGCPeriod. */
export const IMAGE_COLLECTION_MS = 300_000;
/** pkg/kubelet/apis/config/v1beta1/defaults.go, 1.34: imageMinimumGCAge. */
export const IMAGE_MINIMUM_AGE_MS = 120_000;

/** How often the statuses that failed to be written are tried again. pkg/kubelet/status/status_manager.go, 1.34: syncPeriod. */
export const STATUS_SYNC_MS = 10_000;

/** pkg/kubelet/volumemanager/volume_manager.go, 1.34: podAttachAndMountTimeout, 2 minutes and 3 seconds. */
export const MOUNT_TIMEOUT_MS = 123_000;
/** pkg/volume/util … exponentialbackoff, 1.34: initialDurationBeforeRetry and maxDurationBeforeRetry (2 minutes and 2 seconds). */
export const MOUNT_RETRY_INITIAL_MS = 500;
export const MOUNT_RETRY_MAX_MS = 122_000;

/** pkg/kubelet/apis/config/v1beta1/defaults.go, 1.34: nodeStatusUpdateFrequency and nodeStatusReportFrequency. */
export const NODE_STATUS_UPDATE_MS = 10_000;
export const NODE_STATUS_REPORT_MS = 300_000;
/** defaults.go, 1.34: nodeLeaseDurationSeconds, and pkg/kubelet/kubelet.go: nodeLeaseRenewIntervalFraction, a quarter of it. */
export const LEASE_DURATION_SECONDS = 40;
export const LEASE_RENEW_MS = 10_000;
/** component-helpers apimachinery/lease/controller.go, 0.34: the first retry and maxBackoff. */
export const LEASE_RETRY_INITIAL_MS = 200;
export const LEASE_RETRY_MAX_MS = 7_000;
