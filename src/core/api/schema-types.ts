/** The structural schema: what decoding, patching, apply and the OpenAPI documents need to know of a type, and no prose. */

/** An object type. Fields are in the order of Kubernetes' document: alphabetical. */
export interface ObjectSchema {
  readonly fields: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  /** `atomic`: apply owns and replaces the object as a whole. */
  readonly mapType?: "atomic" | "granular";
  readonly unions?: readonly SchemaUnion[];
  readonly gvk?: GroupVersionKind;
}

export interface FieldSchema {
  readonly type: SchemaType;
  /** Strategic merge patch: elements of the list with the same value of this field are one. */
  readonly mergeKey?: string;
  /** `merge`, `replace`, `retainKeys`, or two of them joined by a comma. */
  readonly patchStrategy?: string;
  /** Apply: how elements of the list are told apart; `atomic` when absent. */
  readonly listType?: "atomic" | "map" | "set";
  readonly listMapKeys?: readonly string[];
  readonly mapType?: "atomic" | "granular";
  readonly enum?: readonly string[];
  /**
   * How Go writes an empty value: `written` with its zero value whenever it is not set, `kept` as it was given (a pointer); left out when
   * absent here.
   */
  readonly zero?: "written" | "kept";
  /** The Go type that decoding errors name, where it does not follow from `type`: `v1.PullPolicy`. */
  readonly goType?: string;
}

export type SchemaType =
  | ScalarType
  | { readonly ref: string }
  | { readonly list: SchemaType }
  | { readonly map: SchemaType };

/** `raw` is any JSON object, kept as it is (RawExtension, FieldsV1). `bytes` is base64 text. */
export type ScalarType =
  | "string"
  | "boolean"
  | "int32"
  | "int64"
  | "double"
  | "bytes"
  | "quantity"
  | "int-or-string"
  | "time"
  | "micro-time"
  | "raw";

export interface SchemaUnion {
  readonly discriminator?: string;
  readonly "fields-to-discriminateBy": Readonly<Record<string, string>>;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}
