import type { KubeObject } from "../../api/index.js";
import { withMetadata } from "../object-metadata.js";

/** What a narrow subresource leaves of new metadata: nothing but the bookkeeping. apimachinery apis/meta/v1/helpers.go ResetObjectMetaForStatus, 1.34 */
export const withMetadataOf = <T extends KubeObject>(next: T, previous: T): T => {
  const { deletionTimestamp, generation, labels, annotations, finalizers, ownerReferences } =
    previous.metadata;
  return withMetadata(next, {
    deletionTimestamp,
    generation,
    selfLink: previous.metadata.selfLink,
    labels,
    annotations,
    finalizers,
    ownerReferences,
  });
};
