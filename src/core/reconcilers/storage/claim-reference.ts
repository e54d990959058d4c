import type { ObjectReference, PersistentVolumeClaim } from "../../api/index.js";

/** How a volume names the claim that it belongs to. */
export const claimRefOf = ({ metadata }: PersistentVolumeClaim): ObjectReference => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  namespace: metadata.namespace,
  name: metadata.name,
  uid: metadata.uid,
  resourceVersion: metadata.resourceVersion,
});
