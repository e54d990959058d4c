/** pkg/scheduler/internal/queue/scheduling_queue.go, 1.34: DefaultPodMaxInUnschedulablePodsDuration. */
export const UNSCHEDULABLE_FLUSH_MS = 5 * 60_000;
/** How often the flush looks, as flushUnschedulablePodsLeftover does. */
export const FLUSH_INTERVAL_MS = 30_000;
/** pkg/scheduler/schedule_one.go, 1.34: minFeasibleNodesToFind. */
export const MIN_FEASIBLE_NODES = 100;
/** pkg/scheduler/schedule_one.go, 1.34: minFeasibleNodesPercentageToFind. */
export const MIN_FEASIBLE_PERCENT = 5;
/** pkg/scheduler/apis/config/v1/defaults.go, 1.34: bindTimeoutSeconds of VolumeBinding. */
export const VOLUME_BIND_TIMEOUT_MS = 600_000;
