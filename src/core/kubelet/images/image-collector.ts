import type { Call } from "../../engine/index.js";
import type { ImageStatus, RuntimeContainerStatus } from "../../runtime/index.js";
import type { KubeletContext } from "../kubelet-context.js";
import { IMAGE_COLLECTION_MS, IMAGE_MINIMUM_AGE_MS } from "../timing.js";

/** Shares of the disk, in percent. pkg/kubelet/apis/config/v1beta1/defaults.go, 1.34: imageGCHighThresholdPercent and …Low…. */
const HIGH_THRESHOLD_PERCENT = 85;
const LOW_THRESHOLD_PERCENT = 80;

interface KnownImage {
  readonly status: ImageStatus;
  readonly firstSeenMs: number;
  lastUsedMs: number;
}

/**
 * Removes images that no container is made of when the disk fills up, those first that were not used for longest (GC-2).
 * pkg/kubelet/images/image_gc_manager.go, 1.34.
 */
export class ImageCollector {
  readonly #known = new Map<string, KnownImage>();

  constructor(
    private readonly context: KubeletContext,
    /** The containers that are on the node, exited ones included. */
    private readonly containers: () => readonly RuntimeContainerStatus[],
  ) {}

  *run(): Call<void> {
    for (;;) {
      yield IMAGE_COLLECTION_MS;
      this.#look();
      const { diskCapacityBytes, diskAvailableBytes } = this.context.runtime.nodeStats();
      const usedPercent = 100 - Math.floor((diskAvailableBytes * 100) / diskCapacityBytes);
      if (usedPercent < HIGH_THRESHOLD_PERCENT) continue;
      const wantedBytes = Math.floor((diskCapacityBytes * (100 - LOW_THRESHOLD_PERCENT)) / 100);
      this.#free(wantedBytes - diskAvailableBytes);
    }
  }

  /** The node is short of disk: all that are not in use go. */
  removeUnused(): void {
    this.#look();
    this.#free(Infinity);
  }

  #look(): void {
    const { engine, runtime } = this.context;
    const images = runtime.images.listImages();
    const used = this.#usedImages(images);
    const present = new Set(images.map(({ id }) => id));
    for (const id of this.#known.keys()) if (!present.has(id)) this.#known.delete(id);
    for (const status of images) {
      const known = this.#known.get(status.id);
      const lastUsedMs = used.has(status.id) ? engine.nowMs : (known?.lastUsedMs ?? -Infinity);
      const firstSeenMs = known?.firstSeenMs ?? engine.nowMs;
      this.#known.set(status.id, { status, firstSeenMs, lastUsedMs });
    }
  }

  #usedImages(images: readonly ImageStatus[]): ReadonlySet<string> {
    const byName = new Map(
      images.flatMap(({ id, repoDigests, repoTags }) =>
        [id, ...repoDigests, ...repoTags].map((name) => [name, id] as const),
      ),
    );
    const { images: service } = this.context.runtime;
    return new Set(
      this.containers().flatMap(({ image, imageRef }) => {
        const id = byName.get(imageRef) ?? byName.get(image) ?? service.imageStatus(image)?.id;
        return id === undefined ? [] : [id];
      }),
    );
  }

  #free(bytes: number): void {
    const { engine, runtime } = this.context;
    const candidates = [...this.#known.values()]
      .filter(({ lastUsedMs }) => lastUsedMs < engine.nowMs)
      .sort((a, b) => compare(a.lastUsedMs, b.lastUsedMs) || a.firstSeenMs - b.firstSeenMs);
    let freed = 0;
    for (const { status, firstSeenMs } of candidates) {
      if (freed >= bytes) return;
      if (engine.nowMs - firstSeenMs < IMAGE_MINIMUM_AGE_MS) continue;
      runtime.images.removeImage(status.id);
      this.#known.delete(status.id);
      freed += status.sizeBytes;
    }
  }
}

/** Never used is -Infinity, so a difference says nothing. */
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
