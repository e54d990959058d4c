import { badRequest, timeout, type KubeObject, type ResourceDefinition } from "../api/index.js";
import type { ObjectStore } from "../store/index.js";
import { objectNotFound } from "./refusals.js";

/** @throws StatusError 404 */
export const readObject = (
  store: ObjectStore,
  resource: ResourceDefinition,
  namespace: string,
  name: string,
): KubeObject => {
  const object = store.get(resource.storage, resource.namespaced ? namespace : "", name);
  if (object === undefined) throw objectNotFound(resource, name);
  return object;
};

/** @returns the version as a number; 0 for '' and '0'. @throws StatusError 400 when it is none, 504 when it is in the future. */
export const checkMinimumVersion = (store: ObjectStore, resourceVersion: string): number => {
  const version = parseVersion(resourceVersion);
  if (version > store.lastSequence) throw tooLargeVersion(resourceVersion, store.lastSequence);
  return version;
};

/** apiserver storage/api_object_versioner.go ParseResourceVersion, 1.34 */
export const parseVersion = (resourceVersion: string): number => {
  if (resourceVersion === "") return 0;
  if (/^\d+$/.test(resourceVersion)) return Number(resourceVersion);
  const text = JSON.stringify(resourceVersion);
  throw badRequest(
    `invalid resource version: resourceVersion: Invalid value: ${text}: strconv.ParseUint: parsing ${text}: invalid syntax`,
  );
};

/** API-6. apiserver storage/errors.go NewTooLargeResourceVersionError, 1.34 */
const tooLargeVersion = (asked: string, current: number) =>
  timeout(`Too large resource version: ${asked}, current: ${current}`, 1, [
    { reason: "ResourceVersionTooLarge", message: "Too large resource version" },
  ]);
