import {
  asInteger,
  LOCAL_PATH_PROVISIONER,
  parseQuantity,
  PROVISIONED_BY,
  type PersistentVolume,
} from "../../api/index.js";
import type { Client, Watch } from "../../client/index.js";
import type { NodeFiles } from "../../vfs/index.js";

/** Where the provisioner has its volumes: that of kind. */
const ROOT = "/var/local-path-provisioner";

/**
 * Directories of provisioned volumes on this node: made when first mounted, each bounded by the size of its volume, and removed when the volume is gone from
 * the API. A real provisioner starts pods that do it.
 */
export class LocalVolumes {
  #watch: Watch | null = null;
  readonly #known = new Set<string>();

  constructor(
    private readonly client: Client,
    private readonly files: NodeFiles,
  ) {}

  /** What an earlier kubelet of this machine made is looked after again. */
  start(): void {
    if (this.files.list(ROOT).length > 0) this.#follow();
  }

  stop(): void {
    this.#watch?.stop();
    this.#watch = null;
  }

  /** Null for a volume that is none of the provisioner's. */
  setUp({ metadata, spec }: PersistentVolume): string | null {
    const path = spec.hostPath?.path ?? "";
    const isOurs = metadata.annotations?.[PROVISIONED_BY] === LOCAL_PATH_PROVISIONER;
    if (!isOurs || !path.startsWith(`${ROOT}/`)) return null;
    const sizeBytes = asInteger(parseQuantity(spec.capacity?.storage ?? "0"));
    this.files.makeDiskDirectory(path, sizeBytes, 0o777);
    this.#known.add(metadata.name);
    this.#follow();
    return path;
  }

  #follow(): void {
    this.#watch ??= this.client.watch<PersistentVolume>(
      "persistentvolumes",
      {},
      ({ type, object }) => {
        const { name } = object.metadata;
        if (type !== "DELETED") this.#known.add(name);
        else if (this.#known.delete(name)) this.#remove(name);
      },
      () => {
        for (const directory of this.files.list(ROOT)) {
          const name = volumeOf(directory);
          if (!this.#known.has(name)) this.#remove(name);
        }
      },
    );
  }

  #remove(volume: string): void {
    for (const directory of this.files.list(ROOT))
      if (volumeOf(directory) === volume) this.files.remove(`${ROOT}/${directory}`);
  }
}

/** `<volume>_<namespace>_<claim>` */
const volumeOf = (directory: string): string => directory.split("_", 1)[0] ?? "";
