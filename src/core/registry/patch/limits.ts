/** Operations of one JSON patch. Source: apiserver pkg/endpoints/handlers/patch.go, 1.34. */
export const MAX_JSON_PATCH_OPERATIONS = 10_000;

/** What all `copy` operations of one JSON patch may add. Source: apiserver pkg/server/config.go JSONPatchMaxCopyBytes, 1.34. */
export const MAX_JSON_PATCH_COPY_BYTES = 3 * 1024 * 1024;

/** Managers with operation Update that are kept apart. Source: apimachinery pkg/util/managedfields/internal/fieldmanager.go, 1.34. */
export const MAX_UPDATE_MANAGERS = 10;

/** Annotations of one object, keys and values together. Source: apimachinery pkg/api/validation/objectmeta.go, 1.34. */
export const MAX_ANNOTATIONS_BYTES = 256 * 1024;

/** Nesting of a patched object. What comes in is bounded by the API server; operations of a JSON patch could pile one thing on another. */
export const MAX_DOCUMENT_DEPTH = 1_000;

/** Shapes of new objects whose field sets are kept: a cluster's controllers and clients have some dozens. */
export const MAX_REMEMBERED_SHAPES = 1_000;

/** Characters of a shape that is kept: larger objects are rare and unlike each other. */
export const MAX_SHAPE_LENGTH = 4_096;

/** Path elements whose text is kept, of fields and of each kind of key. */
export const MAX_REMEMBERED_ELEMENTS = 2_000;

/** Characters of a name or key whose path element is kept. */
export const MAX_REMEMBERED_ELEMENT_LENGTH = 128;
