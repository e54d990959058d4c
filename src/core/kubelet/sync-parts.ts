import type { PodStatus } from "../api/index.js";
import type { ImagePuller } from "./images/image-puller.js";
import type { KubeletContext } from "./kubelet-context.js";
import type { PodHandle } from "./pod-handle.js";
import type { PodRuntimeStatus } from "./pod-runtime-status.js";
import type { PodContainer } from "./pod-spec.js";
import type { ProberManager } from "./prober/prober-manager.js";
import type { RestartBackoff } from "./restart-backoff.js";
import type { StatusManager } from "./status/status-manager.js";
import type { UserNamespaces } from "./user-namespaces.js";
import type { VolumeManager } from "./volumes/volume-manager.js";

/** The managers of one kubelet that syncing a pod takes. */
export interface SyncParts {
  readonly context: KubeletContext;
  readonly images: ImagePuller;
  readonly probers: ProberManager;
  readonly statuses: StatusManager;
  readonly volumes: VolumeManager;
  /** Of container restarts; one for all pods of the node. */
  readonly restarts: RestartBackoff;
  readonly userNamespaces: UserNamespaces;
  readonly clusterDomain: string;
  readonly clusterDns: readonly string[];
  /** Something of the pod has changed in the runtime: its worker is to come round once more. */
  wake(handle: PodHandle): void;
  /** Puts the container's present state on record if it is a new one. */
  observe(handle: PodHandle, target: PodContainer): void;
  /** The same for all containers of a pod, by its status. */
  observeAll(handle: PodHandle, status: PodStatus, runtime: PodRuntimeStatus): void;
  /** There may be room for a resize that had to wait. */
  retryResizes(): void;
  allocatable(): Readonly<Record<string, string>>;
  /** Null, or what is wrong with the node's network (NET-3). */
  networkError(): string | null;
}
