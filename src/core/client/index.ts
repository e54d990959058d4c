export type * from "./client.js";
export { EventRecorder, type EventRecorderOptions, type EventType } from "./event-recorder.js";
export {
  Informer,
  type IndexFunction,
  type InformerHandlers,
  type InformerOptions,
} from "./informer.js";
export {
  SeriesEventRecorder,
  type SeriesEvent,
  type SeriesEventRecorderOptions,
} from "./series-event-recorder.js";
export { WorkQueue, type WorkQueueOptions } from "./work-queue.js";
