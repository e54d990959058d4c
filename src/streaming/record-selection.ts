import { parseLabelSelector, type LabelSelectorMatcher } from "../core/api/index.js";
import type { FeedEntry, FeedFilter } from "../simulation/index.js";
import { MAX_REMEMBERED_PODS } from "./limits.js";
import type { RecordFilter, RecordType } from "./messages.js";
import { subjectOf, type RecordSubject } from "./record-view.js";

type Labels = Readonly<Record<string, string>>;

/** Where the labels are found that a pod had at a moment. */
export interface PodLabelSource {
  podLabels(pod: {
    readonly namespace: string;
    readonly pod: string;
    readonly uid: string;
    readonly sequence: number;
  }): Promise<Labels | null>;
}

/** Which records one reader wants. Entries are to be asked for in their order: the labels of pods are followed along. */
export class RecordSelection {
  readonly #types: ReadonlySet<RecordType>;
  readonly #labels: LabelSelectorMatcher | null;
  /** Labels of pods by uid, as of the last entry; oldest first. */
  readonly #known = new Map<string, Labels>();

  /** @throws StatusError 400 for a bad label selector. */
  constructor(
    types: readonly RecordType[],
    private readonly filter: RecordFilter,
    private readonly source: PodLabelSource,
  ) {
    this.#types = new Set(types);
    const { labelSelector } = filter;
    this.#labels =
      labelSelector === undefined || labelSelector === ""
        ? null
        : parseLabelSelector(labelSelector);
  }

  /** What the feed is to give: all that may match, and the pods when labels are to be followed. */
  get feedFilter(): FeedFilter {
    const resources = [];
    if (this.#types.has("pod") || this.#labels !== null) resources.push("pods");
    if (this.#types.has("event")) resources.push("events");
    const records = (["transition", "probe", "log"] as const).filter((type) =>
      this.#types.has(type),
    );
    const { namespace, pod } = this.filter;
    return {
      resources,
      records,
      ...(namespace === undefined ? {} : { namespace }),
      ...(pod === undefined ? {} : { pod }),
    };
  }

  /** What the entry is about when it is wanted, else null. */
  async select(entry: FeedEntry): Promise<RecordSubject | null> {
    if (this.#labels !== null) this.#follow(entry);
    const subject = subjectOf(entry);
    if (subject === null || !this.#isWanted(subject)) return null;
    return this.#labels === null || (await this.#hasLabels(subject, entry, this.#labels))
      ? subject
      : null;
  }

  #isWanted(subject: RecordSubject): boolean {
    const { namespace, node, pod, container } = this.filter;
    return (
      this.#types.has(subject.type) &&
      (namespace === undefined || subject.namespace === namespace) &&
      (node === undefined || subject.node === node) &&
      (pod === undefined || subject.pod === pod) &&
      (container === undefined || subject.containers.includes(container))
    );
  }

  #follow(entry: FeedEntry): void {
    if (entry.kind !== "revision" || entry.resource !== "pods") return;
    this.#remember(entry.uid, entry.object.metadata.labels ?? {});
  }

  async #hasLabels(
    subject: RecordSubject,
    entry: FeedEntry,
    matcher: LabelSelectorMatcher,
  ): Promise<boolean> {
    if (subject.pod === "") return false;
    let labels = this.#known.get(subject.uid);
    if (labels === undefined) {
      const { namespace, pod, uid } = subject;
      const found = await this.source.podLabels({ namespace, pod, uid, sequence: entry.sequence });
      if (found === null) return false;
      labels = found;
      this.#remember(uid, labels);
    }
    return matcher.matches(labels);
  }

  #remember(uid: string, labels: Labels): void {
    this.#known.delete(uid);
    this.#known.set(uid, labels);
    if (this.#known.size <= MAX_REMEMBERED_PODS) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }
}
