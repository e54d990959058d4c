import type { Namespace } from "../../api/index.js";
import { Informer, type Client } from "../../client/index.js";
import type { NodeInfo, PodInfo } from "../node-info.js";
import { AffinityCounts } from "./affinity-counts.js";
import type { NamespaceLabels } from "./affinity-terms.js";
import { DefaultSpreading } from "./default-spreading.js";
import { SpreadCounts } from "./spread-counts.js";
import { defaultSpreadConstraints, spreadConstraintsOf } from "./spread-constraints.js";

/** What the pods of other nodes mean to a pod that is to be placed: worked out once a try (PreFilter and PreScore). */
export class PodTopology {
  readonly #spreading: DefaultSpreading;
  readonly #namespaces: Informer<Namespace>;
  readonly #namespaceLabels: NamespaceLabels = (name) =>
    this.#namespaces.get("", name)?.metadata.labels;

  constructor(client: Client) {
    this.#spreading = new DefaultSpreading(client);
    this.#namespaces = new Informer<Namespace>(client, "namespaces");
  }

  start(): void {
    this.#spreading.start();
    this.#namespaces.start();
  }

  /** @param nodes all nodes of the cluster, with the pods that room is kept for */
  of(
    info: PodInfo,
    nodes: readonly NodeInfo[],
  ): Pick<PodInfo, "spread" | "softSpread" | "neighbours" | "namespaceLabels"> {
    const { pod } = info;
    const spread = SpreadCounts.of(pod, nodes);
    const neighbours = AffinityCounts.of(info, nodes, this.#namespaceLabels);
    const own = pod.spec.topologySpreadConstraints ?? [];
    const selector = own.length > 0 ? null : this.#spreading.selectorOf(pod);
    return {
      ...(spread === null ? {} : { spread }),
      ...(neighbours === null ? {} : { neighbours }),
      softSpread:
        selector === null
          ? spreadConstraintsOf(pod, "ScheduleAnyway")
          : defaultSpreadConstraints(selector),
      namespaceLabels: this.#namespaceLabels,
    };
  }
}
