import type { Container, Pod, VolumeMount } from "../../api/index.js";
import type { Mount } from "../../runtime/index.js";
import type { NodeFiles } from "../../vfs/index.js";
import { ConfigError } from "../config-reader.js";
import { expand } from "../expansion.js";
import { hostsFile, podHostname } from "../hosts-file.js";
import { etcHostsPath } from "../pod-paths.js";

export interface MountInput {
  readonly pod: Pod;
  readonly container: Container;
  readonly env: ReadonlyMap<string, string>;
  readonly podIps: readonly string[];
  readonly files: NodeFiles;
  readonly clusterDomain: string;
  /** Where a volume is on the node; null when it is not mounted. */
  pathOf(volume: string): string | null;
}

const ETC_HOSTS = "/etc/hosts";

/** What a container sees of the node's files. Throws ConfigError. pkg/kubelet/kubelet_pods.go, 1.34: makeMounts. */
export function containerMounts(input: MountInput): readonly Mount[] {
  const mounts = (input.container.volumeMounts ?? []).map((mount) => volumeMount(input, mount));
  const hasOwnHosts = mounts.some(({ containerPath }) => containerPath === ETC_HOSTS);
  return hasOwnHosts || input.podIps.length === 0 ? mounts : [...mounts, hostsMount(input)];
}

function volumeMount(input: MountInput, mount: VolumeMount): Mount {
  const path = input.pathOf(mount.name);
  if (path === null) {
    throw new ConfigError(
      `cannot find volume "${mount.name}" to mount into container "${input.container.name}"`,
    );
  }
  const { mountPath } = mount;
  return {
    containerPath: mountPath.startsWith("/") ? mountPath : `/${mountPath}`,
    hostPath: withSubPath(input, mount, path),
    readOnly: mount.readOnly === true,
  };
}

/** VOL-6. */
function withSubPath(input: MountInput, mount: VolumeMount, volumePath: string): string {
  const subPath =
    mount.subPathExpr === undefined || mount.subPathExpr === ""
      ? (mount.subPath ?? "")
      : expandSubPath(mount.subPathExpr, input.env);
  if (subPath === "") return volumePath;
  if (subPath.startsWith("/")) {
    throw new ConfigError(`error SubPath \`${subPath}\` must not be an absolute path`);
  }
  if (subPath.split("/").includes("..")) {
    throw new ConfigError(`unable to provision SubPath \`${subPath}\`: must not contain '..'`);
  }
  const path = `${volumePath}/${subPath}`;
  if (!input.files.exists(path)) input.files.makeDirectory(path, { mode: 0o750 });
  return path;
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
  files.writeFile(hostPath, hostsFile(pod, names), { mode: 0o644 });
  return { containerPath: ETC_HOSTS, hostPath, readOnly: false };
}
