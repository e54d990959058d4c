import type { ContainerStatus, Pod, PodStatus } from "../api/index.js";
import {
  EventRecorder,
  type Client,
  type EventClient,
  type Watch,
  type WatchEvent,
} from "../client/index.js";
import type { Call, Engine } from "../engine/index.js";
import type { ContainerEvent, ContainerRuntime } from "../runtime/index.js";
import { ContainerObserver } from "./container-observer.js";
import { ImageCollector } from "./images/image-collector.js";
import { ImagePuller } from "./images/image-puller.js";
import { podReference, type EventSink, type KubeletContext } from "./kubelet-context.js";
import type { KubeletNode } from "./kubelet-node.js";
import { EvictionManager } from "./eviction/eviction-manager.js";
import { NodeAgent } from "./node-status/node-agent.js";
import { keepLease } from "./node-status/node-lease.js";
import { nodeAllocatable } from "./node-status/node-object.js";
import type { NodeConditionsForAdmission, Rejection } from "./admission.js";
import { lostInstances } from "./lost-instances.js";
import { shutDownPods } from "./node-shutdown.js";
import { PodAdmitter } from "./pod-admitter.js";
import { ResizeManager } from "./resize/resize-manager.js";
import { PodHandle } from "./pod-handle.js";
import { PodWorker } from "./pod-worker.js";
import { ProcessGroup } from "./process-group.js";
import { ProberManager } from "./prober/prober-manager.js";
import { RestartBackoff } from "./restart-backoff.js";
import { StatusManager } from "./status/status-manager.js";
import { ServiceLister } from "./service-lister.js";
import { SourceCache } from "./source-cache.js";
import type { SyncParts } from "./sync-parts.js";
import { CRASH_LOOP_INITIAL_MS, CRASH_LOOP_MAX_MS } from "./timing.js";
import { UserNamespaces } from "./user-namespaces.js";
import { VolumeManager } from "./volumes/volume-manager.js";

export interface KubeletOptions {
  readonly engine: Engine;
  readonly client: Client;
  /** The connection of its own that events are written through; `client` by default. */
  readonly eventClient?: EventClient;
  readonly runtime: ContainerRuntime;
  /** In whose name events are emitted; a recorder of its own by default. */
  readonly events?: EventSink;
  readonly node: KubeletNode;
  readonly clusterDomain?: string;
  /** The cluster's name servers. */
  readonly clusterDns?: readonly string[];
}

/** The tenth address of the service network: kubeadm's clusterDNS. */
const CLUSTER_DNS: readonly string[] = ["10.96.0.10"];

/** The agent of one node: brings the pods bound to it to life in its runtime and says in the API how they are. pkg/kubelet/kubelet.go, 1.34. */
export class Kubelet {
  readonly #context: KubeletContext;
  readonly #parts: SyncParts;
  readonly #agent: NodeAgent;
  readonly #observer = new ContainerObserver();
  readonly #workers = new Map<string, PodWorker>();
  /** Pods that this node would not take. */
  readonly #rejected = new Set<string>();
  readonly #admitter: PodAdmitter;
  readonly #resizes: ResizeManager;
  readonly #images: ImageCollector;
  readonly #services = new ServiceLister();
  #watch: Watch | null = null;
  #isStopped = false;
  #networkError: string | null = null;
  #isShuttingDown = false;

  constructor(private readonly options: KubeletOptions) {
    const { engine, client, runtime, node } = options;
    const processes = new ProcessGroup(engine, `kubelet/${node.name}`);
    const context: KubeletContext = {
      engine,
      client,
      runtime,
      events: options.events ?? makeRecorder(options, processes),
      nodeName: node.name,
      nodeIp: node.ip,
      services: this.#services,
      sources: new SourceCache(engine, client),
      random: engine.random(`kubelet/${node.name}`),
      startedAtMs: engine.nowMs,
      processes,
    };
    this.#context = context;
    this.#agent = new NodeAgent(context, node);
    this.#admitter = this.#makeAdmitter();
    this.#resizes = this.#makeResizes();
    this.#images = new ImageCollector(context, () =>
      [...this.#workers.values()].flatMap(({ handle }) => handle.runtimeStatus().containers),
    );
    const statuses = new StatusManager(
      context,
      (uid) => this.#workers.get(uid)?.couldHaveRunningContainers ?? false,
    );
    const probers = this.#makeProbers(statuses);
    const clusterDomain = options.clusterDomain ?? "cluster.local";
    const allocatable = nodeAllocatable(node);
    this.#parts = {
      context,
      images: new ImagePuller(context),
      probers,
      statuses,
      volumes: new VolumeManager(context, {
        files: runtime.files,
        nodeIp: node.ip,
        clusterDomain,
        nowMs: () => engine.nowMs,
        allocatable: () => allocatable,
      }),
      restarts: new RestartBackoff(CRASH_LOOP_INITIAL_MS, CRASH_LOOP_MAX_MS),
      userNamespaces: new UserNamespaces(),
      clusterDomain,
      clusterDns: options.clusterDns ?? CLUSTER_DNS,
      wake: ({ uid }) => {
        this.#workers.get(uid)?.poke();
      },
      observe: (handle, target) => {
        this.#observer.observe(handle, target);
      },
      observeAll: (handle, status, runtime) => {
        this.#observer.observeAll(handle, status, runtime);
      },
      retryResizes: () => {
        this.#resizes.retry();
      },
      allocatable: () => allocatable,
      networkError: () => this.#networkError,
    };
  }

  #makeProbers(statuses: StatusManager): ProberManager {
    return new ProberManager(this.#context, {
      onReadiness: (uid, id, isReady) => {
        this.#noteProbe(uid, id, (status) => ({ ...status, ready: isReady }));
      },
      onStartup: (uid, id, isStarted) => {
        this.#noteProbe(uid, id, (status) => ({ ...status, started: isStarted }));
      },
      onLiveness: (uid, _id, { outcome }) => {
        if (outcome === "failure") this.#workers.get(uid)?.poke();
      },
      statusOf: (uid) => statuses.get(uid),
    });
  }

  #activeHandles(isWanted: (worker: PodWorker) => boolean = () => true): readonly PodHandle[] {
    const handles: PodHandle[] = [];
    for (const worker of this.#workers.values()) {
      if (worker.couldHaveRunningContainers && isWanted(worker)) handles.push(worker.handle);
    }
    return handles;
  }

  #nodeConditions(): NodeConditionsForAdmission {
    return { ...this.#agent.health, isShuttingDown: this.#isShuttingDown };
  }

  #makeEvictions(): EvictionManager {
    const workerOf = ({ uid }: PodHandle): PodWorker | undefined => this.#workers.get(uid);
    return new EvictionManager(this.#context, {
      activePods: () => this.#activeHandles(({ isEvicted }) => !isEvicted),
      limitedPods: () =>
        this.#activeHandles(({ isEvicted, handle }) => handle.hasStorageLimits && !isEvicted),
      evict: (handle, eviction, graceSeconds) => {
        const { reason, message } = eviction;
        workerOf(handle)?.terminate({ graceSeconds, eviction, cause: { reason, message } });
      },
      isDown: (handle) => workerOf(handle)?.couldHaveRunningContainers !== true,
      notePressure: ({ memory, disk }) => {
        const { health } = this.#agent;
        if (health.memoryPressure === memory && health.diskPressure === disk) return;
        this.#agent.health = { ...health, memoryPressure: memory, diskPressure: disk };
      },
      removeUnusedImages: () => {
        this.#images.removeUnused();
      },
    });
  }

  #makeResizes(): ResizeManager {
    return new ResizeManager(this.#context, {
      activePods: () => this.#activeHandles(),
      conditions: () => this.#nodeConditions(),
      capacity: () => this.options.node.capacity,
      wake: ({ uid }) => {
        this.#workers.get(uid)?.poke();
      },
    });
  }

  #makeAdmitter(): PodAdmitter {
    return new PodAdmitter(this.#context, {
      activePods: () => this.#activeHandles().map(({ pod }) => pod),
      conditions: () => this.#nodeConditions(),
      preempt: (victims) => this.#preempt(victims),
      accept: (pod) => {
        this.#accept(pod);
      },
      reject: (pod, rejection) => {
        this.#reject(pod, rejection);
      },
    });
  }

  start(): void {
    this.#parts.volumes.start();
    const { client, runtime, node } = this.options;
    this.#context.processes.spawn("node", this.#agent.run());
    this.#context.processes.spawn("admission", this.#admitter.run());
    this.#context.processes.spawn("eviction", this.#makeEvictions().run());
    this.#context.processes.spawn("images", this.#images.run());
    this.#context.processes.spawn("resize", this.#resizes.run());
    this.#context.processes.spawn("lease", keepLease(this.#context));
    this.#parts.statuses.start();
    this.#services.start(client);
    runtime.onContainerEvent((event) => {
      this.#onContainerEvent(event);
    });
    const fieldSelector = `spec.nodeName=${node.name}`;
    this.#watch = client.watch<Pod>("pods", { fieldSelector }, (event) => {
      this.#onPodEvent(event);
    });
  }

  /** Switches the kubelet off, as a machine that loses power does: nothing is tidied up, nobody is told. */
  stop(): void {
    this.#watch?.stop();
    this.#services.stop();
    this.#context.sources.stop();
    this.#parts.volumes.stop();
    this.#isStopped = true;
    this.#context.processes.stop();
    this.#workers.clear();
  }

  /** Ends its pods in good order, as for a machine that goes off. Calls back when that is done. */
  shutDown(onDone: () => void): void {
    if (this.#isShuttingDown || this.#isStopped) return;
    this.#isShuttingDown = true;
    this.#noteNotReady();
    this.#context.processes.spawn("shutdown", this.#shutDown(onDone));
  }

  *#shutDown(onDone: () => void): Call<void> {
    yield* this.#agent.sync();
    const workers = [...this.#workers.values()];
    yield* shutDownPods(
      this.#context,
      workers.filter((worker) => worker.couldHaveRunningContainers),
    );
    // The machine goes off in a step of its own: that ends this process too.
    this.#context.engine.soon(onDone);
  }

  #onPodEvent({ type, object: pod }: WatchEvent<Pod>): void {
    const { uid } = pod.metadata;
    const worker = this.#workers.get(uid);
    if (type === "DELETED") {
      this.#admitter.forget(uid);
      if (this.#rejected.delete(uid)) this.#parts.statuses.forget(uid);
      worker?.orphan();
    } else if (worker === undefined) {
      if (!this.#rejected.has(uid)) this.#admitter.enqueue(pod);
    } else if (worker.handle.pod.metadata.resourceVersion !== pod.metadata.resourceVersion) {
      this.#update(worker, pod);
    }
  }

  #update(worker: PodWorker, pod: Pod): void {
    const { statuses } = this.#parts;
    // A watch that was cut off tells the last state only: a write of ours then hides what came before it.
    if (isStatusOnly(worker.handle.wanted, pod)) {
      if (statuses.isOwnWrite(pod)) {
        worker.handle.pod = pod;
        return;
      }
      // What others wrote into the status may bear on the conditions, or is to be put right.
      statuses.recheck(pod.metadata.uid);
    }
    worker.update(pod);
    this.#resizes.noteUpdate(worker.handle);
  }

  #accept(pod: Pod): void {
    const handle = new PodHandle(this.#context, pod);
    this.#recoverLost(handle);
    const worker = new PodWorker(this.#parts, handle, () => {
      this.#forget(handle);
    });
    this.#workers.set(handle.uid, worker);
    if (pod.metadata.deletionTimestamp !== undefined) worker.update(pod);
    worker.start();
    this.#resizes.noteUpdate(handle);
  }

  /** ADM-6. preemption.go, 1.34: evictPod. */
  *#preempt(victims: readonly Pod[]): Call<void> {
    const message = "Preempted in order to admit critical pod";
    const disruption = "Pod was preempted by Kubelet to accommodate a critical pod.";
    const workers = victims.flatMap(({ metadata }) => this.#workers.get(metadata.uid) ?? []);
    for (const worker of workers) {
      this.#context.events.emit(podReference(worker.handle.pod), "Warning", "Preempting", message);
      const eviction = { reason: "Preempting", message, disruption };
      worker.terminate({ graceSeconds: null, eviction, cause: { reason: "Preempting", message } });
    }
    for (const worker of workers) yield* worker.waitForEnd();
  }

  /** ADM-2: it fails without ever having had a container. */
  #reject(pod: Pod, { reason, message }: Rejection): void {
    const { uid } = pod.metadata;
    this.#rejected.add(uid);
    const { qosClass } = pod.status;
    this.#parts.statuses.set(pod, {
      phase: "Failed",
      reason,
      message: `Pod was rejected: ${message}`,
      ...(qosClass === undefined ? {} : { qosClass }),
      ...(pod.metadata.generation === undefined
        ? {}
        : { observedGeneration: pod.metadata.generation }),
    });
    this.#parts.statuses.finish(pod);
  }

  /** NODE-10: what the API shows of a pod that the runtime knows nothing of ran before the node was started anew. */
  #recoverLost(handle: PodHandle): void {
    const { engine, runtime } = this.#context;
    const { uid, pod } = handle;
    if (runtime.listPodSandboxes(uid).length > 0) {
      this.#observer.takeOver(handle);
      return;
    }
    handle.lose(lostInstances(pod, engine.nowMs));
    this.#observer.resume(handle);
  }

  /** Nothing of the pod is needed any more. pkg/kubelet/kubelet_pods.go, 1.34: HandlePodCleanups. */
  #forget(handle: PodHandle): void {
    const { runtime } = this.#context;
    const { uid } = handle;
    this.#workers.delete(uid);
    this.#resizes.forget(uid);
    this.#parts.userNamespaces.forget(uid);
    this.#context.sources.release(uid);
    this.#resizes.retry();
    for (const { id } of runtime.listContainers(uid)) runtime.removeContainer(id);
    for (const { id } of runtime.listPodSandboxes(uid)) runtime.removePodSandbox(id);
    this.#parts.statuses.forget(uid);
    this.#parts.images.forgetPod(uid);
    this.#parts.restarts.forget(`${uid}_`);
  }

  /** Says that the node's network plugin does not work, and why; null when it does (NET-3). */
  setNetworkError(problem: string | null): void {
    this.#networkError = problem;
    this.#noteNotReady();
  }

  /** pkg/kubelet/nodestatus/setters.go, 1.34: ReadyCondition asks the network, then the shutdown manager. */
  #noteNotReady(): void {
    const problem = this.#networkError;
    this.#agent.health = {
      ...this.#agent.health,
      notReadyReasons: [
        ...(problem === null ? [] : [`container runtime network not ready: ${problem}`]),
        ...(this.#isShuttingDown ? ["node is shutting down"] : []),
      ],
    };
  }

  /** The evented PLEG: what happens in the runtime is on record at once and makes the worker come round. */
  #onContainerEvent({ podUid, containerId }: ContainerEvent): void {
    const worker = this.#workers.get(podUid);
    if (worker === undefined || this.#isStopped) return;
    const instance = this.#context.runtime.containerStatus(containerId);
    if (instance !== null) this.#observer.observeInstance(worker.handle, instance);
    worker.poke();
  }

  #noteProbe(
    uid: string,
    containerId: string,
    change: (status: ContainerStatus) => ContainerStatus,
  ): void {
    const worker = this.#workers.get(uid);
    if (worker === undefined) return;
    const changed = (list: ContainerStatus[] | undefined): ContainerStatus[] | undefined =>
      list?.map((entry) => (entry.containerID === containerId ? change(entry) : entry));
    this.#parts.statuses.updateContainers(worker.handle.pod, changed);
    worker.poke();
  }

  /** The running instance that a streaming request means, or why there is none. pkg/kubelet/kubelet_pods.go GetExec, 1.34. */
  findRunning(uid: string, container: string): RunningInstance {
    const worker = this.#isStopped ? undefined : this.#workers.get(uid);
    const instance = this.#context.runtime
      .listContainers(uid)
      .find(({ name, state }) => name === container && state === "running");
    if (worker !== undefined && instance !== undefined) return { found: true, id: instance.id };
    return { found: false, message: `container not found (${JSON.stringify(container)})` };
  }

  /** For tools that ask this kubelet about a pod. */
  statusOf(uid: string): PodStatus | null {
    return this.#parts.statuses.get(uid);
  }
}

/** It ends with the kubelet: what it has not written by then, nobody hears of. */
const makeRecorder = (
  { engine, client, eventClient, node }: KubeletOptions,
  processes: ProcessGroup,
): EventRecorder =>
  new EventRecorder({
    engine,
    client: eventClient ?? client,
    component: "kubelet",
    host: node.name,
    spawn: (name, body) => {
      processes.spawn(name, body);
    },
  });

export type RunningInstance =
  | { readonly found: true; readonly id: string }
  | { readonly found: false; readonly message: string };

/** Nothing but status and resourceVersion is new: most of the time the kubelet's own write. */
const isStatusOnly = (before: Pod, after: Pod): boolean =>
  before.spec === after.spec &&
  before.metadata.generation === after.metadata.generation &&
  before.metadata.deletionTimestamp === after.metadata.deletionTimestamp &&
  before.metadata.labels === after.metadata.labels &&
  before.metadata.annotations === after.metadata.annotations;
