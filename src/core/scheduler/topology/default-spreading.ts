import {
  labelSelectorFrom,
  LabelSelectorMatcher,
  type KubeObject,
  type Pod,
  type ReplicaSet,
  type Service,
} from "../../api/index.js";
import { Informer, type Client } from "../../client/index.js";

const NAMESPACE = "namespace";

/** Which other pods a pod is to be kept apart from where it says nothing itself: those of its Services and of its replica set. */
export class DefaultSpreading {
  readonly #services: Informer<Service>;
  readonly #replicaSets: Informer<ReplicaSet>;

  constructor(client: Client) {
    const indexes = { [NAMESPACE]: ({ metadata }: KubeObject) => [metadata.namespace ?? ""] };
    this.#services = new Informer<Service>(client, "services", { indexes });
    this.#replicaSets = new Informer<ReplicaSet>(client, "replicasets.apps");
  }

  start(): void {
    this.#services.start();
    this.#replicaSets.start();
  }

  /** Null where it belongs to none. pkg/scheduler/framework/plugins/helper/spread.go DefaultSelector, 1.34 */
  selectorOf({ metadata }: Pod): LabelSelectorMatcher | null {
    const { namespace, labels = {}, ownerReferences = [] } = metadata;
    const wanted: Record<string, string> = {};
    for (const { spec: service } of this.#services.byIndex(NAMESPACE, namespace)) {
      const selector = Object.entries(service.selector ?? {});
      if (selector.length > 0 && selector.every(([key, value]) => labels[key] === value))
        Object.assign(wanted, service.selector);
    }
    const owner = ownerReferences.find(({ controller }) => controller === true);
    const set =
      owner?.kind === "ReplicaSet" ? this.#replicaSets.get(namespace, owner.name) : undefined;
    const requirements = [
      ...labelSelectorFrom({ matchLabels: wanted }).requirements,
      ...(set === undefined ? [] : labelSelectorFrom(set.spec.selector).requirements),
    ];
    return requirements.length === 0 ? null : new LabelSelectorMatcher(requirements);
  }
}
