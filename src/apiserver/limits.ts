/** Bounds of the HTTP side. Each is tested at its edge. */

/** Largest request body. `MaxRequestBodyBytes`, staging/src/k8s.io/apiserver/pkg/server/config.go, 1.34. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** Responses above this are compressed when the client accepts gzip. responsewriters/writers.go, 1.34. */
export const GZIP_THRESHOLD_BYTES = 128 * 1024;

/** A watch without `timeoutSeconds` ends after this, times 1 to 2. `MinRequestTimeout`, server/config.go, 1.34. */
export const MIN_WATCH_TIMEOUT_SECONDS = 1800;

/** Real time between bookmarks. `defaultBookmarkFrequency`, storage/cacher/cacher.go, 1.34. */
export const BOOKMARK_INTERVAL_MS = 60_000;

/** A last bookmark is sent this long before a watch times out. storage/cacher/cache_watcher.go `nextBookmarkTime`, 1.34. */
export const BOOKMARK_BEFORE_TIMEOUT_MS = 2_000;

/** How many watch events are kept as text, for the other watchers of the same object. */
export const MAX_CACHED_ENCODINGS = 1024;

/** How many Accept headers are kept parsed. Clients use a handful. */
export const MAX_CACHED_ACCEPT_HEADERS = 256;

/** Warnings of one response: all of them, and one once they are cut. endpoints/filters/warning.go, 1.34. */
export const MAX_WARNING_CHARACTERS = 4 * 1024;
export const MAX_CUT_WARNING_CHARACTERS = 256;

/** Longest fieldManager. apimachinery/pkg/apis/meta/v1/validation/validation.go, 1.34. */
export const MAX_FIELD_MANAGER_LENGTH = 128;

/** Deepest nesting of a JSON body. Go's own limit is 10,000 (encoding/json/scanner.go); this keeps every recursive descent within the stack. */
export const MAX_JSON_DEPTH = 1_000;

/** A frame of a client of exec; a longer one closes its connection (1009). kubectl sends 32 KiB at most. */
export const MAX_EXEC_FRAME_BYTES = 1024 * 1024;

/** Input of a client of exec that was not taken yet, at which no more is read from it. */
export const MAX_UNTAKEN_INPUT_BYTES = 64 * 1024;

/** TCP probes after this much silence, so that a session of nobody ends. */
export const EXEC_KEEP_ALIVE_MS = 30_000;

/** How many strict errors are listed. sigs.k8s.io/json internal/golang/encoding/json/kubernetes_patch.go, 1.34. */
export const MAX_STRICT_ERRORS = 100;
