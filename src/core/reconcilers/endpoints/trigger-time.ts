import type { Pod, Service } from "../../api/index.js";
import { readyCondition } from "./pod-address.js";

export const TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

interface Seen {
  readonly pods: ReadonlyMap<string, string>;
  readonly service: string;
}

/**
 * When the oldest of the changes happened that a sync is about: the annotation from which clients take how long a change needed.
 * staging/src/k8s.io/endpointslice/util/trigger_time_tracker.go, 1.34
 */
export class TriggerTimes {
  readonly #seen = new Map<string, Seen>();

  /** RFC 3339 times of one form, so they compare as texts; null when nothing has changed. */
  next(key: string, service: Service, pods: readonly Pod[]): string | null {
    const before = this.#seen.get(key);
    const changes: string[] = [];
    const times = new Map<string, string>();
    for (const pod of pods) {
      const time = readyCondition(pod.status)?.lastTransitionTime ?? "";
      if (time === "") continue;
      times.set(pod.metadata.name, time);
      if (time > (before?.pods.get(pod.metadata.name) ?? "")) changes.push(time);
    }
    const created = service.metadata.creationTimestamp;
    if (created > (before?.service ?? "")) changes.push(created);
    this.#seen.set(key, { pods: times, service: created });
    if (before === undefined) return created;
    return changes.length === 0 ? null : changes.reduce((a, b) => (a < b ? a : b));
  }

  forget(key: string): void {
    this.#seen.delete(key);
  }
}

/** The annotations with the trigger time, or without the one of an earlier change. */
export const withTriggerTime = (
  annotations: Readonly<Record<string, string>> | undefined,
  time: string | null,
): Record<string, string> => {
  const others = withoutKeys(annotations, TRIGGER_TIME);
  return time === null ? others : { ...others, [TRIGGER_TIME]: time };
};

export const withoutKeys = (
  map: Readonly<Record<string, string>> | undefined,
  ...keys: readonly string[]
): Record<string, string> =>
  Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !keys.includes(key)));
