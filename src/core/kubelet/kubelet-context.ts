import type { ObjectReference, Pod } from "../api/index.js";
import type { Client, EventRecorder } from "../client/index.js";
import type { Engine, RandomStream } from "../engine/index.js";
import type { ContainerRuntime } from "../runtime/index.js";
import type { PodContainer } from "./pod-spec.js";
import type { ProcessGroup } from "./process-group.js";
import type { ServiceLister } from "./service-lister.js";
import type { SourceCache } from "./source-cache.js";

/** What emits core/v1 Events in the name of this kubelet. */
export type EventSink = Pick<EventRecorder, "emit">;

/** What every part of one node's kubelet works with. */
export interface KubeletContext {
  readonly engine: Engine;
  readonly client: Client;
  readonly runtime: ContainerRuntime;
  readonly events: EventSink;
  readonly nodeName: string;
  readonly nodeIp: string;
  readonly services: Pick<ServiceLister, "list">;
  readonly sources: SourceCache;
  /** Where jitter comes from. */
  readonly random: RandomStream;
  /** When this kubelet was started. */
  readonly startedAtMs: number;
  /** The processes of this kubelet; all its parts spawn through it. */
  readonly processes: ProcessGroup;
}

/** A value that a jittered period has now: [period, period × (1 + factor)). client-go util/wait, 0.34: Jitter. */
export const jittered = (context: KubeletContext, periodMs: number, factor: number): number =>
  periodMs * (1 + context.random.next() * factor);

export const podReference = (pod: Pod): ObjectReference => referenceTo(pod);

/** In the order in which Go writes it, so that decoding leaves it as it is. */
const referenceTo = ({ metadata }: Pod, fieldPath?: string): ObjectReference => ({
  apiVersion: "v1",
  ...(fieldPath === undefined ? {} : { fieldPath }),
  kind: "Pod",
  name: metadata.name,
  namespace: metadata.namespace,
  resourceVersion: metadata.resourceVersion,
  uid: metadata.uid,
});

/** EVT-1: events about a container name it by its place in the spec. */
export const containerReference = (
  pod: Pod,
  { fieldPath }: Pick<PodContainer, "fieldPath">,
): ObjectReference => referenceTo(pod, fieldPath);
