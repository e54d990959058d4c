import type { Call, Engine } from "../engine/index.js";
import { CriError, type ImageService, type ImageStatus } from "./cri.js";
import { digestOf, familiarParts, findImage, type CatalogImage } from "./stand-in-images.js";

/** The images on one node. */
export class NodeImages implements ImageService {
  readonly #images = new Map<string, { status: ImageStatus; image: CatalogImage }>();

  constructor(
    private readonly engine: Engine,
    private readonly nodeName: string,
    private readonly pullTimeScale: number,
  ) {}

  imageStatus(reference: string): ImageStatus | null {
    return this.#find(reference)?.status ?? null;
  }

  imageFor(reference: string): CatalogImage | null {
    return this.#find(reference)?.image ?? null;
  }

  *pullImage(reference: string, pullMs: number | null): Call<ImageStatus> {
    const parts = familiarParts(reference);
    const image = findImage(parts.repository);
    yield pullMs ?? this.#pullTimeMs(image.sizeBytes);
    const full = `${parts.domain}/${parts.repository}`;
    const canonical = full + (parts.digest === "" ? `:${parts.tag}` : `@${parts.digest}`);
    if (parts.domain.startsWith("invalid")) {
      throw new CriError(
        "ErrImagePull",
        `failed to pull and unpack image "${canonical}": failed to resolve reference "${canonical}": failed to do request: Head ` +
          `"https://${parts.domain}/v2/${parts.repository}/manifests/${parts.tag}": dial tcp: lookup ${parts.domain} on 10.96.0.10:53: no such host`,
      );
    }
    if (parts.tag === "doesnotexist") {
      throw new CriError(
        "ErrImagePull",
        `rpc error: code = NotFound desc = failed to pull and unpack image "${canonical}": failed to resolve reference "${canonical}": ${canonical}: not found`,
      );
    }
    const digest =
      parts.digest === "" ? `sha256:${digestOf(`manifest/${canonical}`)}` : parts.digest;
    const status: ImageStatus = {
      id: `sha256:${digestOf(`config/${canonical}`)}`,
      repoTags: parts.digest === "" ? [canonical] : [],
      repoDigests: [`${full}@${digest}`],
      sizeBytes: image.sizeBytes,
      user: image.user,
    };
    this.#images.set(canonical, { status, image });
    return status;
  }

  listImages(): readonly ImageStatus[] {
    return [...this.#images.values()].map((entry) => entry.status);
  }

  removeImage(id: string): void {
    for (const [key, entry] of this.#images) if (entry.status.id === id) this.#images.delete(key);
  }

  #find(reference: string): { status: ImageStatus; image: CatalogImage } | undefined {
    const parts = familiarParts(reference);
    const full = `${parts.domain}/${parts.repository}`;
    return this.#images.get(full + (parts.digest === "" ? `:${parts.tag}` : `@${parts.digest}`));
  }

  /** About 25 MB/s, with a spread of a third to either side, and the answer of the registry. */
  #pullTimeMs(sizeBytes: number): number {
    const random = this.engine.random(`runtime/${this.nodeName}/pull`).next();
    return this.pullTimeScale * (300 + (sizeBytes / 25_000) * (0.67 + 0.66 * random));
  }
}
