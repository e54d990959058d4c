export { Scheduler, type PodEventSink, type SchedulerOptions } from "./scheduler.js";
export { isTolerated } from "./filters/tolerations.js";
