import { isSidecar, type Container, type Node, type Pod } from "../api/index.js";
import type { Rejection } from "./filters/filter.js";
import {
  amountsOf,
  requestsOf,
  scoringRequestsOf,
  type ResourceAmounts,
} from "./resource-amounts.js";
import type { AffinityCounts } from "./topology/affinity-counts.js";
import {
  affinityTermsOf,
  NO_TERMS,
  type AffinityTerms,
  type NamespaceLabels,
} from "./topology/affinity-terms.js";
import type { SpreadConstraint } from "./topology/spread-constraints.js";
import type { SpreadCounts } from "./topology/spread-counts.js";

/** A host port that a pod occupies. An empty or 0.0.0.0 address takes the port on all of them. */
export interface HostPort {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
}

/** What the scheduler knows of one node: its object, and what the pods on it (also those just assumed) take. */
export class NodeInfo {
  readonly pods = new Map<string, PodInfo>();
  readonly requested = new Map<string, number>();
  readonly scoringRequested = new Map<string, number>();
  /** Those of its pods that say something about others. */
  readonly podsWithAffinity = new Map<string, PodInfo>();
  #node: Node | null = null;
  #allocatable: ResourceAmounts = new Map();
  #images: ReadonlyMap<string, number> = new Map();

  constructor(readonly name: string) {}

  /** Null while only pods of it have been seen, or after it was deleted. */
  get node(): Node | null {
    return this.#node;
  }

  get allocatable(): ResourceAmounts {
    return this.#allocatable;
  }

  /** Sizes in bytes by every name the image has. */
  get images(): ReadonlyMap<string, number> {
    return this.#images;
  }

  setNode(node: Node | null): void {
    this.#node = node;
    this.#allocatable = amountsOf(node?.status.allocatable);
    const images = node?.status.images ?? [];
    this.#images = new Map(
      images.flatMap((image) =>
        (image.names ?? []).map((name) => [name, image.sizeBytes ?? 0] as const),
      ),
    );
  }

  addPod(pod: Pod): void {
    this.removePod(pod.metadata.uid);
    const info = podInfoOf(pod);
    this.pods.set(pod.metadata.uid, info);
    if (info.affinity !== NO_TERMS) this.podsWithAffinity.set(pod.metadata.uid, info);
    addTo(this.requested, info.requests, 1);
    addTo(this.scoringRequested, info.scoringRequests, 1);
  }

  removePod(uid: string): void {
    const info = this.pods.get(uid);
    if (info === undefined) return;
    this.pods.delete(uid);
    this.podsWithAffinity.delete(uid);
    addTo(this.requested, info.requests, -1);
    addTo(this.scoringRequested, info.scoringRequests, -1);
  }
}

/** A node to try things on. */
export const copyOf = (node: NodeInfo): NodeInfo => {
  const copy = new NodeInfo(node.name);
  copy.setNode(node.node);
  for (const { pod } of node.pods.values()) copy.addPod(pod);
  return copy;
};

/** What of a pod matters to scheduling, computed once. */
export interface PodInfo {
  readonly pod: Pod;
  readonly requests: ResourceAmounts;
  readonly scoringRequests: ResourceAmounts;
  readonly hostPorts: readonly HostPort[];
  /** Of a pod that is to be placed and has claims. */
  readonly volumes?: { check(node: NodeInfo): Rejection | null };
  /** What it says about pods beside it. */
  readonly affinity: AffinityTerms;
  /** Of a pod that is to be placed and must be spread with others of its kind. */
  readonly spread?: SpreadCounts;
  /** Of a pod that is to be placed: how it should be spread. */
  readonly softSpread?: readonly SpreadConstraint[];
  /** Of a pod that is to be placed: by what its terms, and those of others, select namespaces. */
  readonly namespaceLabels?: NamespaceLabels;
  /** Of a pod that is to be placed where other pods have a say. */
  readonly neighbours?: AffinityCounts;
}

export const podInfoOf = (pod: Pod): PodInfo => ({
  pod,
  requests: requestsOf(pod),
  scoringRequests: scoringRequestsOf(pod),
  hostPorts: hostPortsOf(pod),
  affinity: affinityTermsOf(pod),
});

export const hostPortsOf = ({ spec }: Pod): HostPort[] =>
  [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)].flatMap(portsOf);

const portsOf = (container: Container): HostPort[] =>
  (container.ports ?? [])
    .filter((port) => (port.hostPort ?? 0) > 0)
    .map((port) => ({
      protocol: port.protocol ?? "TCP",
      address: port.hostIP ?? "",
      port: port.hostPort ?? 0,
    }));

const addTo = (total: Map<string, number>, amounts: ResourceAmounts, sign: 1 | -1): void => {
  for (const [name, amount] of amounts) total.set(name, (total.get(name) ?? 0) + sign * amount);
};
