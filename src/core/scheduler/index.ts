export { Scheduler, type PodEventSink, type SchedulerOptions } from "./scheduler.js";
