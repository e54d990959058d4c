import { humanDuration, labelSelectorFrom, parseTime } from "../api/index.js";
import type { KubeObject, LabelSelector, PodSpec } from "../api/index.js";

/** How kubectl shows what many kinds have. Source: kubernetes pkg/printers/internalversion/printers.go, 1.34. */

/** Time since a timestamp, as `5m`; `<unknown>` without one. */
export function since(timestamp: string | null | undefined, nowMs: number): string {
  const timeMs = typeof timestamp === "string" ? parseTime(timestamp) : null;
  return timeMs === null ? "<unknown>" : humanDuration(nowMs - timeMs);
}

export function ageOf({ metadata }: KubeObject, nowMs: number): string {
  return since(metadata.creationTimestamp, nowMs);
}

/** `a=1,b=2`, sorted by key. Source: apimachinery pkg/labels/labels.go FormatLabels, 1.34. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? "<none>" : pairs.sort().join(",");
}

/** The selector as text, '' when it selects nothing or everything, null when it is none. */
export function selectorText(selector: LabelSelector | undefined): string | null {
  try {
    return labelSelectorFrom(selector).toString();
  } catch {
    return null;
  }
}

/** Source: apimachinery pkg/apis/meta/v1/helpers.go FormatLabelSelector, 1.34. */
export function formatSelector(selector: LabelSelector | undefined): string {
  const text = selectorText(selector);
  return text === null ? "<error>" : text || "<none>";
}

/** Names and images of containers, each in one cell. */
export function containerCells(spec: PodSpec | undefined): [names: string, images: string] {
  const containers = spec?.containers ?? [];
  return [
    containers.map(({ name }) => name).join(","),
    containers.map(({ image }) => image ?? "").join(","),
  ];
}

/** How many items of a list are shown before `+ 2 more...`. */
const MAX_SHOWN = 3;

/** The first items, and how many more there are. */
export function firstOf(items: readonly string[], whenEmpty: string): string {
  const shown = items.slice(0, MAX_SHOWN).join(",");
  if (items.length > MAX_SHOWN) {
    return `${shown} + ${items.length - MAX_SHOWN} more...`;
  }
  return shown || whenEmpty;
}

/** `RWO,ROX`: each mode once, in Kubernetes' order. Source: kubernetes pkg/apis/core/helper/helpers.go, 1.34. */
export function formatAccessModes(modes: readonly string[] | undefined): string {
  return ACCESS_MODES.filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(",");
}

const ACCESS_MODES: readonly (readonly [mode: string, short: string])[] = [
  ["ReadWriteOnce", "RWO"],
  ["ReadOnlyMany", "ROX"],
  ["ReadWriteMany", "RWX"],
  ["ReadWriteOncePod", "RWOP"],
];

/** The class of a volume or claim; the annotation of old goes first. Source: the same file. */
export function storageClassOf({ metadata }: KubeObject, className: string | undefined): string {
  return metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? className ?? "";
}
