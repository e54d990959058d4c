import type {
  ConfigMapKeySelector,
  Container,
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  Pod,
  SecretKeySelector,
} from "../api/index.js";
import type { Call } from "../engine/index.js";
import { decodeBase64, decodeUtf8 } from "./base64.js";
import { ConfigError, readConfigMap, readSecret } from "./config-reader.js";
import { fieldValue } from "./downward-api.js";
import { expand } from "./expansion.js";
import type { KubeletContext } from "./kubelet-context.js";
import type { PodHandle } from "./pod-handle.js";
import { findContainer } from "./pod-spec.js";
import { resourceFieldValue } from "./resources.js";
import { serviceEnvironment } from "./service-environment.js";

export interface EnvironmentInput {
  readonly handle: PodHandle;
  readonly container: Container;
  readonly podIps: readonly string[];
  readonly allocatable: Readonly<Record<string, string>>;
}

/**
 * All variables that a container starts with beside its image's: envFrom, then env (which wins), then services. Throws ConfigError (CRE-1).
 * pkg/kubelet/kubelet_pods.go, 1.34: makeEnvironmentVariables.
 */
export function* containerEnvironment(
  context: KubeletContext,
  input: EnvironmentInput,
): Call<Map<string, string>> {
  const { pod } = input.handle;
  const services = context.services.list();
  const wantsLinks = pod.spec.enableServiceLinks !== false;
  const links = serviceEnvironment(services, pod.metadata.namespace, wantsLinks);
  const env = new Map<string, string>();
  for (const source of input.container.envFrom ?? []) yield* addAll(context, input, source, env);
  for (const variable of input.container.env ?? []) {
    const value = yield* valueOf(
      context,
      input,
      variable,
      (name) => env.get(name) ?? links.get(name),
    );
    if (value !== null) env.set(variable.name, value);
  }
  for (const [name, value] of links) if (!env.has(name)) env.set(name, value);
  return env;
}

function* addAll(
  { sources }: KubeletContext,
  { handle }: EnvironmentInput,
  source: EnvFromSource,
  env: Map<string, string>,
): Call<void> {
  const prefix = source.prefix ?? "";
  if (source.configMapRef !== undefined) {
    const { name, optional } = source.configMapRef;
    const configMap = yield* readConfigMap(sources, handle.pod, name ?? "", optional === true);
    for (const [key, value] of sortedEntries(configMap?.data)) env.set(prefix + key, value);
  }
  if (source.secretRef !== undefined) {
    const { name, optional } = source.secretRef;
    const secret = yield* readSecret(sources, handle.pod, name ?? "", optional === true);
    for (const [key, value] of sortedEntries(secret?.data)) {
      env.set(prefix + key, decodeUtf8(decodeBase64(value)));
    }
  }
}

const sortedEntries = (data: Record<string, string> | undefined): [string, string][] =>
  Object.entries(data ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

/** Null: an optional source is missing, so the variable is not set at all. */
function* valueOf(
  context: KubeletContext,
  input: EnvironmentInput,
  variable: EnvVar,
  lookUp: (name: string) => string | undefined,
): Call<string | null> {
  if (variable.value !== undefined && variable.value !== "") return expand(variable.value, lookUp);
  if (variable.valueFrom === undefined) return "";
  return yield* resolve(context, input, variable.valueFrom);
}

function* resolve(
  context: KubeletContext,
  input: EnvironmentInput,
  source: EnvVarSource,
): Call<string | null> {
  const { pod } = input.handle;
  if (source.fieldRef !== undefined) {
    const { fieldPath } = source.fieldRef;
    const addresses = { podIps: input.podIps, hostIp: context.nodeIp };
    const value = fieldValue(fieldPath, pod, addresses);
    if (value === null) throw new ConfigError(`unsupported fieldPath: ${fieldPath}`);
    return value;
  }
  if (source.resourceFieldRef !== undefined) return resourceValue(input, source);
  if (source.configMapKeyRef !== undefined) {
    return yield* configMapValue(context, pod, source.configMapKeyRef);
  }
  if (source.secretKeyRef !== undefined) {
    return yield* secretValue(context, pod, source.secretKeyRef);
  }
  return "";
}

function* configMapValue(
  { sources }: KubeletContext,
  pod: Pod,
  { key, name = "", optional }: ConfigMapKeySelector,
): Call<string | null> {
  const isOptional = optional === true;
  const map = yield* readConfigMap(sources, pod, name, isOptional);
  const value = map?.data?.[key];
  if (value !== undefined || isOptional) return value ?? null;
  throw new ConfigError(`couldn't find key ${key} in ConfigMap ${pod.metadata.namespace}/${name}`);
}

function* secretValue(
  { sources }: KubeletContext,
  pod: Pod,
  { key, name = "", optional }: SecretKeySelector,
): Call<string | null> {
  const isOptional = optional === true;
  const secret = yield* readSecret(sources, pod, name, isOptional);
  const value = secret?.data?.[key];
  if (value !== undefined) return decodeUtf8(decodeBase64(value));
  if (isOptional) return null;
  throw new ConfigError(`couldn't find key ${key} in Secret ${pod.metadata.namespace}/${name}`);
}

function resourceValue(input: EnvironmentInput, source: EnvVarSource): string {
  const { resource, divisor, containerName } = source.resourceFieldRef ?? { resource: "" };
  const container =
    containerName === undefined || containerName === ""
      ? input.container
      : findContainer(input.handle.pod.spec, containerName)?.container;
  if (container === undefined) {
    throw new ConfigError(`container ${containerName ?? ""} not found`);
  }
  const value = resourceFieldValue(resource, divisor, container, input.allocatable);
  if (value === null) throw new ConfigError(`unsupported container resource : ${resource}`);
  return value;
}
