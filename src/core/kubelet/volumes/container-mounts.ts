import type { Container, Pod, VolumeMount } from "../../api/index.js";
import type { Mount } from "../../runtime/index.js";
import type { NodeFiles } from "../../vfs/index.js";
import { ConfigError } from "../config-reader.js";
import { expand } from "../expansion.js";
import { hostNetworkHostsFile, hostsFile, podHostname } from "../hosts-file.js";
import { etcHostsPath } from "../pod-paths.js";
import { provisionSubPath, UnsafeSubPathError } from "./sub-path.js";

export interface MountInput {
  readonly pod: Pod;
  readonly container: Container;
  readonly env: ReadonlyMap<string, string>;
  readonly podIps: readonly string[];
  readonly files: NodeFiles;
  readonly clusterDomain: string;
  /** Where a volume is on the node; null when it is not mounted. */
  mountedAt(volume: string): MountedVolume | null;
}

/** A volume that is ready on the node. */
export interface MountedVolume {
  readonly path: string;
  /** Whatever the container says: what is made from the API is never written to. */
  readonly isReadOnly: boolean;
  /** What is mounted is the content of this image; there is no path then. */
  readonly image?: string;
}

const ETC_HOSTS = "/etc/hosts";

/** What a container sees of the node's files. Throws ConfigError. pkg/kubelet/kubelet_pods.go, 1.34: makeMounts. */
export function containerMounts(input: MountInput): readonly Mount[] {
  const mounts = (input.container.volumeMounts ?? []).map((mount) => volumeMount(input, mount));
  const hasOwnHosts = mounts.some(({ containerPath }) => containerPath === ETC_HOSTS);
  const isWanted = input.podIps.length > 0 || input.pod.spec.hostNetwork === true;
  return hasOwnHosts || !isWanted ? mounts : [...mounts, hostsMount(input)];
}

function volumeMount(input: MountInput, mount: VolumeMount): Mount {
  const volume = input.mountedAt(mount.name);
  if (volume === null) {
    throw new ConfigError(
      `cannot find volume "${mount.name}" to mount into container "${input.container.name}"`,
    );
  }
  const { mountPath } = mount;
  const containerPath = mountPath.startsWith("/") ? mountPath : `/${mountPath}`;
  const subPath = subPathOf(input, mount);
  const readOnly = mount.readOnly === true || volume.isReadOnly;
  if (volume.image !== undefined) {
    return { containerPath, hostPath: "", readOnly, image: volume.image, imageSubPath: subPath };
  }
  const hostPath = subPath === "" ? volume.path : withSubPath(input, mount, volume.path, subPath);
  return { containerPath, hostPath, readOnly };
}

/** VOL-6. */
function subPathOf(input: MountInput, mount: VolumeMount): string {
  const subPath =
    mount.subPathExpr === undefined || mount.subPathExpr === ""
      ? (mount.subPath ?? "")
      : expandSubPath(mount.subPathExpr, input.env);
  if (subPath.startsWith("/")) {
    throw new ConfigError(`error SubPath \`${subPath}\` must not be an absolute path`);
  }
  if (subPath.split("/").includes("..")) {
    throw new ConfigError(`unable to provision SubPath \`${subPath}\`: must not contain '..'`);
  }
  return subPath;
}

/** What went wrong below the volume is not told: it could say something of the node's files. */
function withSubPath(
  input: MountInput,
  mount: VolumeMount,
  volumePath: string,
  subPath: string,
): string {
  try {
    return provisionSubPath(input.files, volumePath, subPath);
  } catch (error) {
    if (!(error instanceof UnsafeSubPathError)) throw error;
    const what = error.step === "create" ? "create subPath directory" : "prepare subPath";
    throw new ConfigError(
      `failed to ${what} for volumeMount "${mount.name}" of container "${input.container.name}"`,
    );
  }
}

/** A variable that is not set is an error here, not left as it is. pkg/kubelet/container/helpers.go, 1.34: ExpandContainerVolumeMounts. */
function expandSubPath(expression: string, env: ReadonlyMap<string, string>): string {
  const missing: string[] = [];
  const expanded = expand(expression, (name) => {
    const value = env.get(name);
    if (value === undefined) missing.push(name);
    return value;
  });
  if (missing.length === 0) return expanded;
  const names = missing.map((name) => JSON.stringify(name)).join(", ");
  throw new ConfigError(`missing value for ${names}`);
}

/** NS-5. */
function hostsMount({ pod, podIps, files, clusterDomain }: MountInput): Mount {
  const hostPath = etcHostsPath(pod.metadata.uid);
  const names = { ...podHostname(pod, clusterDomain), ips: podIps };
  const content =
    pod.spec.hostNetwork === true
      ? hostNetworkHostsFile(pod, files.readText(ETC_HOSTS) ?? "")
      : hostsFile(pod, names);
  files.writeFile(hostPath, content, { mode: 0o644 });
  return { containerPath: ETC_HOSTS, hostPath, readOnly: false };
}
