import type { ObjectReference } from "../generated/core-v1.js";
import type { KubeObject } from "./kube-object.js";

/** Points at an object as Events do (client-go tools/reference/ref.go, 1.34). */
export const objectReference = ({ apiVersion, kind, metadata }: KubeObject): ObjectReference => ({
  apiVersion,
  kind,
  ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  name: metadata.name,
  uid: metadata.uid,
  resourceVersion: metadata.resourceVersion,
});
