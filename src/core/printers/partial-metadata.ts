import type { KubeObject, ObjectMeta } from "../api/index.js";

/** An object of which only the metadata is sent. */
export interface PartialObjectMetadata {
  readonly kind: "PartialObjectMetadata";
  /** `meta.k8s.io/v1`, `meta.k8s.io/v1beta1`. */
  readonly apiVersion: string;
  readonly metadata: ObjectMeta;
}

/** Source: apimachinery pkg/api/meta/meta.go AsPartialObjectMetadata, 1.34. */
export function partialMetadataOf(
  { metadata }: KubeObject,
  apiVersion = "meta.k8s.io/v1",
): PartialObjectMetadata {
  return { kind: "PartialObjectMetadata", apiVersion, metadata };
}
