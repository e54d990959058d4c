/** Operations of one JSON patch. Source: apiserver pkg/endpoints/handlers/patch.go, 1.34. */
export const MAX_JSON_PATCH_OPERATIONS = 10_000;

/** What all `copy` operations of one JSON patch may add. Source: apiserver pkg/server/config.go JSONPatchMaxCopyBytes, 1.34. */
export const MAX_JSON_PATCH_COPY_BYTES = 3 * 1024 * 1024;

/** Managers with operation Update that are kept apart. Source: apimachinery pkg/util/managedfields/internal/fieldmanager.go, 1.34. */
export const MAX_UPDATE_MANAGERS = 10;

/** Annotations of one object, keys and values together. Source: apimachinery pkg/api/validation/objectmeta.go, 1.34. */
export const MAX_ANNOTATIONS_BYTES = 256 * 1024;

/** Nesting of a patch or of an object that is patched; encoding/json of Go refuses deeper documents. */
export const MAX_PATCH_DEPTH = 10_000;
