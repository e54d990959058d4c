export type * from "./client.js";
export { EventRecorder } from "./event-recorder.js";
export { Informer } from "./informer.js";
export { SeriesEventRecorder } from "./series-event-recorder.js";
export { WorkQueue } from "./work-queue.js";
