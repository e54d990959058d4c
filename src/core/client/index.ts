export type * from "./client.js";
export {
  Informer,
  type IndexFunction,
  type InformerHandlers,
  type InformerOptions,
} from "./informer.js";
export { TokenBucket } from "./token-bucket.js";
export { WorkQueue, type WorkQueueOptions } from "./work-queue.js";
