import type { JournalEntry } from "../core/store/index.js";
import { podOf } from "../persistence/index.js";
import type { FeedFilter } from "./feed.js";

/** A filter made ready for asking often. */
export class CompiledFilter {
  readonly #topics: ReadonlySet<string>;

  constructor(readonly filter: FeedFilter) {
    this.#topics = new Set([...(filter.resources ?? []), ...(filter.records ?? [])]);
  }

  /** Resources and record types: what a reader is woken by. No resource is called like a record type. */
  get topics(): ReadonlySet<string> {
    return this.#topics;
  }

  get wantsLogs(): boolean {
    return this.#topics.has("log");
  }

  /** The narrowest that `subjectsOf` tells of an entry and that every match has; null: every entry of the topics may match. */
  get subject(): string | null {
    const { namespace, name, pod } = this.filter;
    const isNamespaced = namespace !== undefined && namespace !== "";
    if (!isNamespaced) return null;
    if (name !== undefined && name !== "") return `${namespace}/n/${name}`;
    return pod !== undefined && pod !== "" ? `${namespace}/p/${pod}` : namespace;
  }

  matches(entry: JournalEntry): boolean {
    if (!this.#topics.has(topicOf(entry))) return false;
    const { namespace, name, pod } = this.filter;
    const at = entry.kind === "record" ? entry.record : entry;
    if (isGiven(namespace) && at.namespace !== namespace) return false;
    if (isGiven(name) && nameOf(entry) !== name) return false;
    return !isGiven(pod) || podOf(entry) === pod;
  }
}

export const topicOf = (entry: JournalEntry): string =>
  entry.kind === "record" ? entry.record.type : entry.resource;

/** All subjects under which a reader may wait for this entry, beside the whole topic. */
export const subjectsOf = (entry: JournalEntry): string[] => {
  const { namespace } = entry.kind === "record" ? entry.record : entry;
  const subjects = [namespace, `${namespace}/n/${nameOf(entry)}`];
  const pod = podOf(entry);
  if (pod !== "") subjects.push(`${namespace}/p/${pod}`);
  return subjects;
};

const nameOf = (entry: JournalEntry): string =>
  entry.kind === "record" ? entry.record.pod : entry.name;

const isGiven = (value: string | undefined): value is string => value !== undefined && value !== "";
