import { isStatusError, type ConfigMap, type Secret } from "../api/index.js";
import type { Client } from "../client/index.js";
import type { Call } from "../engine/index.js";

/** Something that a container or volume needs is not there or not right; the message is the one that users see. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** A ConfigMap; null when it is missing but optional. Throws ConfigError in the kubelet cache's words: `configmap "x" not found`. */
export const readConfigMap = (
  client: Client,
  namespace: string,
  name: string,
  isOptional: boolean,
): Call<ConfigMap | null> => read<ConfigMap>(client, "configmap", namespace, name, isOptional);

export const readSecret = (
  client: Client,
  namespace: string,
  name: string,
  isOptional: boolean,
): Call<Secret | null> => read<Secret>(client, "secret", namespace, name, isOptional);

function* read<T extends ConfigMap | Secret>(
  client: Client,
  singular: string,
  namespace: string,
  name: string,
  isOptional: boolean,
): Call<T | null> {
  try {
    return yield* client.get<T>(`${singular}s`, namespace, name);
  } catch (error) {
    if (!isStatusError(error)) throw error;
    if (error.reason !== "NotFound") throw new ConfigError(error.message);
    if (isOptional) return null;
    throw new ConfigError(`${singular} "${name}" not found`);
  }
}
