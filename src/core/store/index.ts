export type * from "./journal.js";
export { MAX_PENDING_ENTRIES } from "./limits.js";
export { isSameState, isSameValue } from "./object-equality.js";
export { keyOf, type ObjectKey } from "./object-key.js";
export { ObjectStore } from "./object-store.js";
export type { StoreWatch, StoreWatchEvent, WatchHandlers } from "./watch-hub.js";
