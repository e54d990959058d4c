import type { EndpointSlice } from "../../api/index.js";
import { serviceKeyOf, SLICES_BY_SERVICE, type SharedInformers } from "../reconciler-context.js";
import { MANAGED_BY } from "./slice-draft.js";

/**
 * The slices of Services that one reconciler keeps: the cache, and over it what it has written itself and not seen there yet. So it never works
 * on what it knows to be old, and knows its own changes from others' (staging/src/k8s.io/endpointslice/util/endpointslice_tracker.go, 1.34).
 */
export class WrittenSlices {
  /** By service key, then by slice name; null for a slice that was deleted. */
  readonly #written = new Map<string, Map<string, EndpointSlice | null>>();

  /** @param onForeignChange told of the Service whose slice somebody else has changed. */
  constructor(
    private readonly informers: SharedInformers,
    private readonly manager: string,
    onForeignChange: (serviceKey: string) => void,
  ) {
    const see = (slice: EndpointSlice): void => {
      if (this.#isOurs(slice) && !this.#isOwnChange(slice, false))
        onForeignChange(serviceKeyOf(slice));
    };
    informers.endpointSlices.addHandlers({
      onAdd: see,
      onUpdate: (slice, previous) => {
        see(slice);
        const isMoved =
          serviceKeyOf(slice) !== serviceKeyOf(previous) ||
          this.#isOurs(slice) !== this.#isOurs(previous);
        if (isMoved && this.#isOurs(previous)) onForeignChange(serviceKeyOf(previous));
      },
      onDelete: (slice) => {
        if (this.#isOurs(slice) && !this.#isOwnChange(slice, true))
          onForeignChange(serviceKeyOf(slice));
      },
    });
  }

  of(serviceKey: string): readonly EndpointSlice[] {
    const written = this.#written.get(serviceKey);
    const cached = this.informers.endpointSlices
      .byIndex(SLICES_BY_SERVICE, serviceKey)
      .filter((slice) => this.#isOurs(slice));
    if (written === undefined) return cached.filter(isStaying);
    const byName = new Map<string, EndpointSlice | null>(
      cached.map((slice) => [slice.metadata.name, slice]),
    );
    for (const [name, slice] of written) byName.set(name, slice);
    return [...byName.values()].filter((slice) => slice !== null).filter(isStaying);
  }

  wrote(slice: EndpointSlice): void {
    this.#note(serviceKeyOf(slice), slice.metadata.name, slice);
  }

  removed(serviceKey: string, name: string): void {
    this.#note(serviceKey, name, null);
  }

  #note(serviceKey: string, name: string, slice: EndpointSlice | null): void {
    const written = this.#written.get(serviceKey) ?? new Map<string, EndpointSlice | null>();
    this.#written.set(serviceKey, written.set(name, slice));
  }

  #isOurs({ metadata }: EndpointSlice): boolean {
    return metadata.labels?.[MANAGED_BY] === this.manager;
  }

  /** Whether the cache tells of a write of our own; the last of them needs no overlay any more. */
  #isOwnChange(slice: EndpointSlice, isDeleted: boolean): boolean {
    const key = serviceKeyOf(slice);
    const written = this.#written.get(key);
    const own = written?.get(slice.metadata.name);
    if (written === undefined || own === undefined) return false;
    const version = Number(slice.metadata.resourceVersion);
    // An older write of ours, on its way while a newer one is done.
    if (!isDeleted && (own === null || version < Number(own.metadata.resourceVersion))) return true;
    written.delete(slice.metadata.name);
    if (written.size === 0) this.#written.delete(key);
    return isDeleted
      ? own === null
      : own?.metadata.resourceVersion === slice.metadata.resourceVersion;
  }
}

const isStaying = ({ metadata }: EndpointSlice): boolean =>
  metadata.deletionTimestamp === undefined;
