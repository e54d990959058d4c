export type * from "./client.js";
export { ConnectionLost } from "./connection-lost.js";
export { EventRecorder, type EventClient } from "./event-recorder.js";
export { Informer } from "./informer.js";
export { SeriesEventRecorder } from "./series-event-recorder.js";
export { WorkQueue } from "./work-queue.js";
