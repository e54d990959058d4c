import type { Directory } from "../../vfs/index.js";

/** The configuration of an image: image-spec/config.md, as far as a runtime reads it. */
export interface ImageConfig {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** `NAME=value` */
  readonly env: readonly string[];
  /** `1000`, `1000:1000`, `nobody`, or empty for root. */
  readonly user: string;
  readonly workingDir: string;
  readonly exposedPorts: readonly number[];
  /** `SIGTERM` when empty. */
  readonly stopSignal: string;
}

/** An image of the catalogue, for any tag of its name. */
export interface CatalogImage {
  readonly name: string;
  /** Compressed, as it is pulled. */
  readonly sizeBytes: number;
  readonly config: ImageConfig;
  /** Its files: one frozen tree, made at the first call. */
  readonly root: () => Directory;
}

export const NO_CONFIG: ImageConfig = Object.freeze({
  entrypoint: [],
  cmd: [],
  env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
  user: "",
  workingDir: "",
  exposedPorts: [],
  stopSignal: "",
});
