import type { ConfigMap, Pod, Secret } from "../api/index.js";
import type { Call } from "../engine/index.js";
import type { SourceCache, SourceKind } from "./source-cache.js";

/** Something that a container or volume needs is not there or not right; the message is the one that users see. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** A ConfigMap of the pod's namespace; null when it is missing but optional. Throws ConfigError in the kubelet cache's words: `configmap "x" not found`. */
export const readConfigMap = (
  sources: SourceCache,
  pod: Pod,
  name: string,
  isOptional: boolean,
): Call<ConfigMap | null> => read<ConfigMap>(sources, pod, "configmap", name, isOptional);

export const readSecret = (
  sources: SourceCache,
  pod: Pod,
  name: string,
  isOptional: boolean,
): Call<Secret | null> => read<Secret>(sources, pod, "secret", name, isOptional);

function* read<T extends ConfigMap | Secret>(
  sources: SourceCache,
  { metadata }: Pod,
  kind: SourceKind,
  name: string,
  isOptional: boolean,
): Call<T | null> {
  const found = yield* sources.get<T>(metadata.uid, kind, metadata.namespace, name);
  if (found === "not synced") {
    throw new ConfigError(`failed to sync ${kind} cache: timed out waiting for the condition`);
  }
  if (found !== null || isOptional) return found;
  throw new ConfigError(`${kind} "${name}" not found`);
}
