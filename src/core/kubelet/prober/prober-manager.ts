import type { ContainerStatus, Pod, PodStatus, Probe, ProbeKind } from "../../api/index.js";
import type { InstanceKnowledge, ProbeOutcome } from "../instance-knowledge.js";
import type { KubeletContext } from "../kubelet-context.js";
import type { PodHandle } from "../pod-handle.js";
import { asApp, asInit, initContainersOf, isSidecar, type PodContainer } from "../pod-spec.js";
import { ProbeResults, type ProbeResult } from "./probe-results.js";
import { findStatus, isOver, ProbeWorker } from "./probe-worker.js";

/** What happens when a probe changes its mind. */
export interface ProbeListener {
  onReadiness(podUid: string, containerId: string, isReady: boolean): void;
  onLiveness(podUid: string, containerId: string, result: ProbeResult): void;
  onStartup(podUid: string, containerId: string, isStarted: boolean): void;
  statusOf(podUid: string): PodStatus | null;
}

const KINDS: readonly ProbeKind[] = ["startup", "readiness", "liveness"];

/** All probe workers of a node, and what they found out. pkg/kubelet/prober/prober_manager.go, 1.34. */
export class ProberManager implements Pick<InstanceKnowledge, "livenessOf" | "startupOf"> {
  readonly #results: Readonly<Record<ProbeKind, ProbeResults>>;
  /** By pod UID, then `container/kind`. */
  readonly #workers = new Map<string, Map<string, ProbeWorker>>();

  constructor(
    private readonly context: KubeletContext,
    private readonly listener: ProbeListener,
  ) {
    this.#results = {
      readiness: new ProbeResults((uid, containerId, { outcome }) => {
        listener.onReadiness(uid, containerId, outcome === "success");
      }),
      liveness: new ProbeResults((uid, containerId, result) => {
        listener.onLiveness(uid, containerId, result);
      }),
      startup: new ProbeResults((uid, containerId, { outcome }) => {
        listener.onStartup(uid, containerId, outcome === "success");
      }),
    };
  }

  livenessOf(containerId: string): ProbeOutcome | null {
    return this.#results.liveness.get(`containerd://${containerId}`)?.outcome ?? null;
  }

  startupOf(containerId: string): ProbeOutcome | null {
    return this.#results.startup.get(`containerd://${containerId}`)?.outcome ?? null;
  }

  /** What settled the result of a liveness or startup probe. */
  resultOf(kind: ProbeKind, containerId: string): ProbeResult | null {
    return this.#results[kind].get(`containerd://${containerId}`);
  }

  /** Starts what workers the pod's app containers and sidecars need and do not have (PROBE-1). */
  addPod(handle: PodHandle): void {
    const { spec } = handle.pod;
    const probed = [
      ...spec.containers.map(asApp),
      ...initContainersOf(spec).filter(isSidecar).map(asInit),
    ];
    const status = this.listener.statusOf(handle.uid);
    for (const target of probed) {
      // Upstream makes a worker that ends at once, at each sync; here, where syncs take no time, that would go on for ever.
      if (status !== null && isOver(handle.pod, target, findStatus(status, target.container.name)))
        continue;
      for (const kind of KINDS) {
        const probe = probeOf(target, kind);
        if (probe !== undefined) this.#ensureWorker(handle, target, kind, probe);
      }
    }
  }

  /**
   * PROBE-13: the pod is going down. Of app containers only: those of sidecars go on until all are stopped, which 1.34 has not seen to (k/k #141766
   * is younger). No result is set: what a worker had found goes with it.
   */
  stopLivenessAndStartup({ metadata, spec }: Pod): void {
    const workers = this.#workers.get(metadata.uid);
    for (const { name } of spec.containers) {
      for (const kind of ["liveness", "startup"]) workers?.get(`${name}/${kind}`)?.stop();
    }
  }

  removePod(podUid: string): void {
    for (const worker of [...(this.#workers.get(podUid) ?? NO_WORKERS).values()]) worker.stop();
  }

  /** Fills in `started` and `ready`. prober_manager.go, 1.34: UpdatePodStatus. */
  judge(pod: Pod, status: PodStatus): PodStatus {
    const { uid } = pod.metadata;
    const judged = (entry: ContainerStatus): ContainerStatus => this.#judgeOne(uid, entry);
    const init = initContainersOf(pod.spec);
    return {
      ...status,
      ...(status.initContainerStatuses === undefined
        ? {}
        : {
            initContainerStatuses: status.initContainerStatuses.map((entry) => {
              const container = init.find(({ name }) => name === entry.name);
              return container !== undefined && isSidecar(container)
                ? judged(entry)
                : judgeInit(entry);
            }),
          }),
      containerStatuses: (status.containerStatuses ?? []).map(judged),
    };
  }

  #judgeOne(podUid: string, entry: ContainerStatus): ContainerStatus {
    const containerId = entry.containerID ?? "";
    const workers = this.#workers.get(podUid);
    for (const kind of KINDS) {
      workers?.get(`${entry.name}/${kind}`)?.noticeContainer(containerId);
    }
    const started = this.#isStarted(podUid, entry);
    if (!started) return { ...entry, started, ready: false };
    const readiness = this.#results.readiness.get(containerId)?.outcome;
    const worker = workers?.get(`${entry.name}/readiness`);
    const ready = readiness === "success" || worker === undefined;
    if (!ready) worker.trigger();
    return { ...entry, started, ready };
  }

  #isStarted(podUid: string, entry: ContainerStatus): boolean {
    if (entry.state?.running === undefined) return false;
    const result = this.#results.startup.get(entry.containerID ?? "");
    if (result !== null) return result.outcome === "success";
    return this.#workers.get(podUid)?.get(`${entry.name}/startup`) === undefined;
  }

  #ensureWorker(handle: PodHandle, target: PodContainer, kind: ProbeKind, probe: Probe): void {
    const { uid } = handle;
    const key = `${target.container.name}/${kind}`;
    let workers = this.#workers.get(uid);
    if (workers === undefined) this.#workers.set(uid, (workers = new Map<string, ProbeWorker>()));
    if (workers.has(key)) return;
    const worker = new ProbeWorker(this.context, {
      handle,
      target,
      kind,
      probe,
      results: this.#results[kind],
      statusOf: () => this.listener.statusOf(uid),
      onEnd: () => {
        this.#forget(uid, key, worker);
      },
    });
    workers.set(key, worker);
    this.context.processes.spawn(`probe/${uid}/${key}`, worker.run());
  }

  #forget(uid: string, key: string, worker: ProbeWorker): void {
    const workers = this.#workers.get(uid);
    if (workers?.get(key) !== worker) return;
    workers.delete(key);
    if (workers.size === 0) this.#workers.delete(uid);
  }
}

const NO_WORKERS: ReadonlyMap<string, ProbeWorker> = new Map<string, ProbeWorker>();

/** INIT-4: a regular init container is `ready` when done. */
const judgeInit = (entry: ContainerStatus): ContainerStatus => ({
  ...entry,
  started: entry.state?.running !== undefined,
  ready: entry.state?.terminated?.exitCode === 0,
});

const probeOf = ({ container }: PodContainer, kind: ProbeKind): Probe | undefined =>
  ({
    startup: container.startupProbe,
    readiness: container.readinessProbe,
    liveness: container.livenessProbe,
  })[kind];
