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
