export type * from "./journal.js";
export type { IndexValue } from "./collection.js";
export { MAX_PENDING_ENTRIES } from "./limits.js";
export { isSameValue } from "./object-equality.js";
export { keyOf, type ObjectKey } from "./object-key.js";
export {
  ObjectStore,
  type StoreOptions,
  type WriteConditions,
  type WriteOutcome,
} from "./object-store.js";
export type { StoreWatch, StoreWatchEvent, WatchFilter, WatchHandlers } from "./watch-hub.js";
