import type {
  ConfigMap,
  DownwardAPIVolumeFile,
  KeyToPath,
  PodSpec,
  Secret,
  Volume,
  VolumeProjection,
} from "../../api/index.js";
import type { Call } from "../../engine/index.js";
import { ConfigError, readConfigMap, readSecret } from "../config-reader.js";
import { fieldValue } from "../downward-api.js";
import { findContainer } from "../pod-spec.js";
import { resourceFieldValue } from "../resources.js";
import type { ProjectedFile } from "./atomic-writer.js";
import type { LazyToken } from "./service-account-token.js";
import type { VolumeContext } from "./volume-plugins.js";

/** configMap, secret, downwardAPI and projected volumes are all one: files made from the API. */
export interface ProjectionSource {
  /** The directory that upstream's plugin uses. */
  readonly plugin: string;
  readonly isInMemory: boolean;
  readonly defaultMode: number;
  readonly parts: readonly VolumeProjection[];
}

const CONFIG_MAP_PLUGIN = "kubernetes.io~configmap";

/** Null for a volume that is none of them. */
export function sourceOf(volume: Volume): ProjectionSource | null {
  if (volume.configMap !== undefined) {
    const { defaultMode, ...configMap } = volume.configMap;
    return source(CONFIG_MAP_PLUGIN, defaultMode, [{ configMap }]);
  }
  if (volume.secret !== undefined) {
    const { defaultMode, secretName, items, optional } = volume.secret;
    const secret = {
      ...(secretName === undefined ? {} : { name: secretName }),
      ...(items === undefined ? {} : { items }),
      ...(optional === undefined ? {} : { optional }),
    };
    return source("kubernetes.io~secret", defaultMode, [{ secret }]);
  }
  if (volume.downwardAPI !== undefined) {
    const { defaultMode, items } = volume.downwardAPI;
    const downwardAPI = items === undefined ? {} : { items };
    return source("kubernetes.io~downward-api", defaultMode, [{ downwardAPI }]);
  }
  if (volume.projected !== undefined) {
    const { defaultMode, sources } = volume.projected;
    return source("kubernetes.io~projected", defaultMode, sources ?? []);
  }
  return null;
}

const source = (
  plugin: string,
  defaultMode: number | undefined,
  parts: readonly VolumeProjection[],
): ProjectionSource => ({
  plugin,
  isInMemory: plugin !== CONFIG_MAP_PLUGIN,
  defaultMode: defaultMode ?? 0o644,
  parts,
});

/** What one part of a volume is made from: an object, a token, the values of fields, or why there is none of it. */
type Seen = ConfigMap | Secret | LazyToken | readonly string[] | ConfigError | null;

/** What a volume is made from, as it is now, part by part. */
export type Sight = readonly Seen[];

export function* look(context: VolumeContext, { parts }: ProjectionSource): Call<Sight> {
  const sight: Seen[] = [];
  for (const part of parts) {
    try {
      sight.push(yield* lookAt(context, part));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      sight.push(error);
    }
  }
  return sight;
}

/** Whether the same volume would be made of both. Objects are the same as long as nobody wrote them. */
export const isSameSight = (left: Sight, right: Sight): boolean =>
  left.every((seen, index) => {
    const other = right[index];
    if (!Array.isArray(seen)) return seen === other;
    return Array.isArray(other) && seen.every((value, at) => value === other[at]);
  });

function* lookAt(context: VolumeContext, part: VolumeProjection): Call<Seen> {
  const { sources, handle, tokens } = context;
  if (part.configMap !== undefined) {
    const { name, optional } = part.configMap;
    return yield* readConfigMap(sources, handle.pod, name ?? "", optional === true);
  }
  if (part.secret !== undefined) {
    const { name, optional } = part.secret;
    return yield* readSecret(sources, handle.pod, name ?? "", optional === true);
  }
  if (part.downwardAPI !== undefined) {
    return (part.downwardAPI.items ?? []).map((item) => downwardValue(context, item));
  }
  if (part.serviceAccountToken === undefined) return null;
  return yield* tokens.tokenFor(handle, part.serviceAccountToken);
}

/** Throws ConfigError with all that is missing. */
export function projectedFiles(
  context: VolumeContext,
  { parts, defaultMode }: ProjectionSource,
  sight: Sight,
): readonly ProjectedFile[] {
  const byPath = new Map<string, ProjectedFile>();
  const problems = new Set<string>();
  for (const [index, part] of parts.entries()) {
    try {
      const files = filesOf(context, part, sight[index] ?? null, defaultMode);
      for (const file of files) byPath.set(file.path, file);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.add(error.message);
    }
  }
  if (problems.size > 0) throw new ConfigError(aggregate([...problems]));
  return [...byPath.values()];
}

/** apimachinery pkg/util/errors, 0.34: Aggregate. */
const aggregate = (problems: readonly string[]): string =>
  problems.length === 1 ? problems.join("") : `[${problems.join(", ")}]`;

function filesOf(
  context: VolumeContext,
  part: VolumeProjection,
  seen: Seen,
  defaultMode: number,
): readonly ProjectedFile[] {
  if (seen instanceof ConfigError) throw seen;
  if (part.configMap !== undefined) {
    const { items, optional } = part.configMap;
    return selected(contentOfConfigMap(seen as ConfigMap | null), items, {
      defaultMode,
      isOptional: optional === true,
      kind: "config",
    });
  }
  if (part.secret !== undefined) {
    const { items, optional } = part.secret;
    return selected(contentOfSecret(seen as Secret | null), items, {
      defaultMode,
      isOptional: optional === true,
      kind: "secret",
    });
  }
  if (part.downwardAPI !== undefined) {
    const values = seen as readonly string[];
    return (part.downwardAPI.items ?? []).map(({ path, mode }, index) => ({
      path,
      content: values[index] ?? "",
      encoding: "utf8",
      mode: mode ?? defaultMode,
    }));
  }
  if (part.serviceAccountToken === undefined) return [];
  return [tokenFile(context, part.serviceAccountToken.path, seen as LazyToken, defaultMode)];
}

/** Who has to read it decides who may: pkg/volume/projected/projected.go, 1.34, collectData. */
function tokenFile(
  { handle }: VolumeContext,
  path: string,
  content: LazyToken,
  defaultMode: number,
): ProjectedFile {
  const { spec } = handle.pod;
  const uid = onlyUser(spec);
  const isOwned = uid !== null || spec.securityContext?.fsGroup !== undefined;
  const mode = isOwned ? 0o600 : defaultMode;
  return { path, content, encoding: "utf8", mode, ...(uid === null ? {} : { uid }) };
}

/** The user that all containers run as, when the pod says it. pkg/volume/util/util.go, 1.34: FsUserFrom. */
function onlyUser(spec: PodSpec): number | null {
  const all = [
    ...(spec.initContainers ?? []),
    ...spec.containers,
    ...(spec.ephemeralContainers ?? []),
  ];
  const users = new Set(
    all.map(
      ({ securityContext }) =>
        securityContext?.runAsUser ?? spec.securityContext?.runAsUser ?? null,
    ),
  );
  const [user = null] = users;
  return users.size === 1 ? user : null;
}

type Content = ReadonlyMap<string, Pick<ProjectedFile, "content" | "encoding">>;

const contentOfConfigMap = (map: ConfigMap | null): Content =>
  contentOf(map, () => [...encoded(map?.data, "utf8"), ...encoded(map?.binaryData, "base64")]);

const contentOfSecret = (secret: Secret | null): Content =>
  contentOf(secret, () => encoded(secret?.data, "base64"));

/** Many pods mount one object, and look at it again at each resync. */
const contents = new WeakMap<object, Content>();
const NOTHING: Content = new Map();

function contentOf(
  object: ConfigMap | Secret | null,
  read: () => readonly [string, Pick<ProjectedFile, "content" | "encoding">][],
): Content {
  if (object === null) return NOTHING;
  const known = contents.get(object) ?? new Map(read());
  contents.set(object, known);
  return known;
}

const encoded = (
  data: Readonly<Record<string, string>> | undefined,
  encoding: ProjectedFile["encoding"],
): [string, Pick<ProjectedFile, "content" | "encoding">][] =>
  Object.entries(data ?? {}).map(([key, content]) => [key, { content, encoding }]);

/** All keys, or those that `items` picks. pkg/volume/configmap/configmap.go, 1.34: MakePayload. */
function selected(
  content: Content,
  items: readonly KeyToPath[] | undefined,
  options: {
    readonly defaultMode: number;
    readonly isOptional: boolean;
    readonly kind: "config" | "secret";
  },
): readonly ProjectedFile[] {
  const mode = options.defaultMode;
  if (items === undefined || items.length === 0) {
    return [...content].map(([path, value]) => ({ path, ...value, mode }));
  }
  return items.flatMap((item) => {
    const value = content.get(item.key);
    if (value !== undefined) {
      return [{ path: item.path, ...value, mode: item.mode ?? mode }];
    }
    if (options.isOptional) return [];
    throw new ConfigError(`references non-existent ${options.kind} key: ${item.key}`);
  });
}

function downwardValue(context: VolumeContext, item: DownwardAPIVolumeFile): string {
  const { pod } = context.handle;
  if (item.fieldRef !== undefined) {
    const addresses = { podIps: [], hostIp: context.nodeIp };
    const value = fieldValue(item.fieldRef.fieldPath, pod, addresses);
    if (value !== null) return value;
    throw new ConfigError(`unsupported fieldPath: ${item.fieldRef.fieldPath}`);
  }
  const reference = item.resourceFieldRef;
  if (reference === undefined) return "";
  const container = findContainer(pod.spec, reference.containerName ?? "")?.container;
  const value =
    container === undefined
      ? null
      : resourceFieldValue(reference.resource, reference.divisor, container, context.allocatable());
  if (value !== null) return value;
  throw new ConfigError(`unsupported container resource : ${reference.resource}`);
}
