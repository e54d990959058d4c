import { apiVersionOf, type KubeObject, type ResourceDefinition } from "../api/index.js";

/** An object in the form in which the store keeps it. */
export const asStored = (object: KubeObject, _resource: ResourceDefinition): KubeObject => object;

/** A stored object in the version that `resource` serves. */
export const asServed = (object: KubeObject, resource: ResourceDefinition): KubeObject =>
  object.apiVersion === apiVersionOf(resource) ? object : object;
