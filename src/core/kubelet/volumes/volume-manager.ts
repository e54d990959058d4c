import type { Container, Volume } from "../../api/index.js";
import { TIMED_OUT, within, type Call, type Process } from "../../engine/index.js";
import type { Mount } from "../../runtime/index.js";
import { configProblem } from "../config-problem.js";
import { podReference, type KubeletContext } from "../kubelet-context.js";
import type { PodHandle } from "../pod-handle.js";
import { podDirectory } from "../pod-paths.js";
import {
  MOUNT_RETRY_INITIAL_MS,
  MOUNT_RETRY_MAX_MS,
  MOUNT_TIMEOUT_MS,
  RESYNC_INTERVAL_MS,
} from "../timing.js";
import { containerMounts, type MountedVolume } from "./container-mounts.js";
import { sourceOf } from "./projection.js";
import { TokenManager } from "./service-account-token.js";
import { NamedVolumeError, UnprocessedVolumeError } from "./claim-volume.js";
import { LocalVolumes } from "./local-volumes.js";
import { setUpVolume, type VolumeContext } from "./volume-plugins.js";

interface PendingVolume {
  readonly volume: Volume;
  retryMs: number;
  nextTryMs: number;
  /** Why it cannot even be tried; null when that is not so. */
  problem: string | null;
}

/**
 * Makes the volumes of pods before their containers and takes them away after. Trying again is paced as in pkg/kubelet/volumemanager and
 * pkg/util/goroutinemap/exponentialbackoff, 1.34.
 */
export class VolumeManager {
  /** Where each mounted volume is, by pod UID and volume name. */
  readonly #mounted = new Map<string, Map<string, MountedVolume>>();
  readonly #pending = new Map<string, Map<string, PendingVolume>>();
  readonly #payloads = new Map<string, VolumeContext["payloads"]>();
  /** What goes on trying while volumes are missing, whether or not the pod's worker waits for it. */
  readonly #mounters = new Map<string, Process<void>>();

  /** When the volumes of a pod were last compared with their sources. */
  readonly #refreshedAtMs = new Map<string, number>();
  readonly #tokens: TokenManager;
  private readonly environment: Omit<VolumeContext, "handle" | "payloads">;

  constructor(
    private readonly context: KubeletContext,
    environment: Omit<
      VolumeContext,
      "handle" | "payloads" | "tokens" | "sources" | "client" | "localVolumes"
    >,
  ) {
    const { client, sources } = context;
    this.#tokens = new TokenManager(client, environment.nowMs);
    const localVolumes = new LocalVolumes(client, environment.files);
    this.environment = { ...environment, client, sources, localVolumes, tokens: this.#tokens };
  }

  start(): void {
    this.environment.localVolumes.start();
  }

  stop(): void {
    this.environment.localVolumes.stop();
  }

  /** Waits until all volumes are there. Null then; what is missing when that takes too long (VOL-1). */
  *waitForMount(handle: PodHandle): Call<string | null> {
    const { engine, processes } = this.context;
    const volumes = handle.pod.spec.volumes ?? [];
    if (volumes.length === 0) return null;
    let mounter = this.#mounters.get(handle.uid);
    if (mounter === undefined) {
      const missing = yield* this.#setUpDue(handle, volumes);
      if (missing.length === 0) return null;
      const unprocessed = missing.filter(({ problem }) => problem !== null);
      if (unprocessed.length > 0) return unprocessedText(missing, unprocessed);
      mounter = processes.spawn(`mount/${handle.uid}`, this.#mountAll(handle, volumes));
      this.#mounters.set(handle.uid, mounter);
    }
    const outcome = yield* within(engine, mounter, MOUNT_TIMEOUT_MS);
    if (outcome !== TIMED_OUT) return null;
    const names = volumes
      .map(({ name }) => name)
      .filter((name) => !this.#mountedOf(handle.uid).has(name));
    return `unmounted volumes=[${names.join(" ")}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded`;
  }

  /** pkg/kubelet/volumemanager/reconciler, 1.34: tries again as long as the pod is there. */
  *#mountAll(handle: PodHandle, volumes: readonly Volume[]): Call<void> {
    for (;;) {
      const missing = yield* this.#setUpDue(handle, volumes);
      if (missing.length === 0) break;
      const nextTryMs = Math.min(...missing.map((pending) => pending.nextTryMs));
      yield Math.max(0, nextTryMs - this.context.engine.nowMs);
    }
    this.#mounters.delete(handle.uid);
  }

  /** Brings volumes made from the API up to date, at most once a resync (VOL-4). What is gone there stays as it was here. */
  *refresh(handle: PodHandle): Call<void> {
    const { nowMs } = this.context.engine;
    if (nowMs - (this.#refreshedAtMs.get(handle.uid) ?? nowMs) < RESYNC_INTERVAL_MS) return;
    this.#refreshedAtMs.set(handle.uid, nowMs);
    for (const volume of handle.pod.spec.volumes ?? []) {
      const isMounted = this.#mountedOf(handle.uid).has(volume.name);
      if (isMounted && sourceOf(volume) !== null) yield* this.#setUp(handle, volume);
    }
  }

  mountsOf(
    handle: PodHandle,
    container: Container,
    env: ReadonlyMap<string, string>,
    podIps: readonly string[],
  ): readonly Mount[] {
    return containerMounts({
      pod: handle.pod,
      container,
      env,
      podIps,
      files: this.context.runtime.files,
      clusterDomain: this.environment.clusterDomain,
      mountedAt: (volume) => this.#mountedOf(handle.uid).get(volume) ?? null,
    });
  }

  /** Takes away all that belongs to a pod that is over. */
  unmount(handle: PodHandle): void {
    this.#mounters.get(handle.uid)?.interrupt();
    this.#mounters.delete(handle.uid);
    const { files } = this.context.runtime;
    files.remove(podDirectory(handle.uid));
    this.#mounted.delete(handle.uid);
    this.#pending.delete(handle.uid);
    this.#payloads.delete(handle.uid);
    this.#refreshedAtMs.delete(handle.uid);
    this.#tokens.forgetPod(handle.uid);
  }

  #mountedOf(podUid: string): Map<string, MountedVolume> {
    return this.#mounted.get(podUid) ?? NO_VOLUMES;
  }

  /** Tries what is due; returns what is still missing. */
  *#setUpDue(handle: PodHandle, volumes: readonly Volume[]): Call<readonly PendingVolume[]> {
    const { nowMs } = this.context.engine;
    const missing: PendingVolume[] = [];
    for (const volume of volumes) {
      if (this.#mountedOf(handle.uid).has(volume.name)) continue;
      const pending = this.#pendingOf(handle.uid, volume);
      if (pending.nextTryMs <= nowMs && (yield* this.#setUp(handle, volume))) continue;
      missing.push(pending);
    }
    return missing;
  }

  *#setUp(handle: PodHandle, volume: Volume): Call<boolean> {
    try {
      const payloads = this.#payloads.get(handle.uid) ?? new Map<string, never>();
      this.#payloads.set(handle.uid, payloads);
      const mounted = yield* setUpVolume({ ...this.environment, handle, payloads }, volume);
      const ofPod = this.#mounted.get(handle.uid) ?? new Map<string, MountedVolume>();
      this.#mounted.set(handle.uid, ofPod.set(volume.name, mounted));
      if (!this.#refreshedAtMs.has(handle.uid)) {
        this.#refreshedAtMs.set(handle.uid, this.context.engine.nowMs);
      }
      this.#pending.get(handle.uid)?.delete(volume.name);
      return true;
    } catch (error) {
      const problem = configProblem(error);
      const name = error instanceof NamedVolumeError ? error.volumeName : volume.name;
      this.#postpone(handle, volume);
      if (error instanceof UnprocessedVolumeError) {
        this.#pendingOf(handle.uid, volume).problem = problem;
        return false;
      }
      const message = `MountVolume.SetUp failed for volume "${name}" : ${problem}`;
      this.context.events.emit(podReference(handle.pod), "Warning", "FailedMount", message);
      return false;
    }
  }

  #pendingOf(podUid: string, volume: Volume): PendingVolume {
    const ofPod = this.#pending.get(podUid) ?? new Map<string, PendingVolume>();
    this.#pending.set(podUid, ofPod);
    const pending = ofPod.get(volume.name) ?? { volume, retryMs: 0, nextTryMs: 0, problem: null };
    ofPod.set(volume.name, pending);
    return pending;
  }

  #postpone(handle: PodHandle, volume: Volume): void {
    const pending = this.#pendingOf(handle.uid, volume);
    pending.problem = null;
    pending.retryMs =
      pending.retryMs === 0
        ? MOUNT_RETRY_INITIAL_MS
        : Math.min(pending.retryMs * 2, MOUNT_RETRY_MAX_MS);
    pending.nextTryMs = this.context.engine.nowMs + pending.retryMs;
  }
}

/** volume_manager.go, 1.34: WaitForAttachAndMount, when the pod's volumes could not be worked out. */
const unprocessedText = (
  missing: readonly PendingVolume[],
  unprocessed: readonly PendingVolume[],
): string => {
  const names = (pending: readonly PendingVolume[]): string =>
    pending
      .map(({ volume }) => volume.name)
      .sort()
      .join(" ");
  const problems = unprocessed.map(({ problem }) => problem ?? "").join("; ");
  return `unmounted volumes=[${names(missing)}], unattached volumes=[], failed to process volumes=[${names(unprocessed)}]: ${problems}`;
};

const NO_VOLUMES: Map<string, MountedVolume> = new Map<string, MountedVolume>();
