import { formatImageReference, parseImageReference, type ImageReference } from "../api/index.js";
import type { Call, Engine } from "../engine/index.js";
import { CriError, type ImageService, type ImageStatus } from "./cri.js";
import { pseudoDigest } from "./digest.js";
import type { CatalogImage } from "./image-catalog/image.js";

export interface PulledImage {
  readonly status: ImageStatus;
  readonly image: CatalogImage;
}

/** What is known of images beyond one node. */
export interface ImageCatalog {
  /** The image of a repository; every name has one. */
  find(reference: ImageReference): CatalogImage;
}

/** Resolving the reference, and the registry's answers. */
const HANDSHAKE_MS = 400;
/** What a node pulls and unpacks in a millisecond: about 25 MB a second. */
const BYTES_PER_MS = 25_000;
/** Pulls take this much less or more, evenly spread. */
const SPREAD = 0.33;

/** The images on one node. */
export class NodeImages implements ImageService {
  /** By full reference; an image may have several. */
  readonly #images = new Map<string, PulledImage>();

  constructor(
    private readonly engine: Engine,
    private readonly nodeName: string,
    private readonly catalog: ImageCatalog,
    private readonly pullTimeScale: number,
  ) {}

  imageStatus(reference: string): ImageStatus | null {
    return this.find(reference)?.status ?? null;
  }

  find(reference: string): PulledImage | null {
    if (reference.startsWith("sha256:"))
      return [...this.#images.values()].find(({ status }) => status.id === reference) ?? null;
    const parsed = parseImageReference(reference);
    if (!parsed.ok) return null;
    return this.#images.get(formatImageReference(parsed.reference)) ?? null;
  }

  *pullImage(text: string, pullMs: number | null): Call<ImageStatus> {
    const parsed = parseImageReference(text);
    if (!parsed.ok)
      throw new CriError(
        "InvalidImageName",
        `couldn't parse image name "${text}": ${parsed.message}`,
      );
    const { reference } = parsed;
    const failure = pullFailure(reference);
    if (failure !== null) {
      yield HANDSHAKE_MS * this.pullTimeScale;
      throw new CriError("ErrImagePull", failure);
    }
    const image = this.catalog.find(reference);
    const known = this.#images.get(formatImageReference(reference));
    yield pullMs ?? this.#pullTimeMs(known === undefined ? image.sizeBytes : 0);
    const status = known?.status ?? statusOf(reference, image);
    this.#images.set(formatImageReference(reference), { status, image });
    return status;
  }

  listImages(): readonly ImageStatus[] {
    return [...this.#images.values()].map(({ status }) => status);
  }

  removeImage(id: string): void {
    for (const [key, { status }] of this.#images) if (status.id === id) this.#images.delete(key);
  }

  #pullTimeMs(bytes: number): number {
    const random = this.engine.random(`runtime/${this.nodeName}/pull`).next();
    const factor = 1 - SPREAD + 2 * SPREAD * random;
    return this.pullTimeScale * (HANDSHAKE_MS + (bytes / BYTES_PER_MS) * factor);
  }
}

/** Why a reference can't be pulled (contract, "Images"), in containerd's words; null when it can. */
const pullFailure = (reference: ImageReference): string | null => {
  const name = formatImageReference(reference);
  const failed = `failed to pull and unpack image "${name}": failed to resolve reference "${name}"`;
  if (reference.domain.startsWith("invalid")) {
    const host = reference.domain.replace(/:\d+$/, "");
    const manifest = reference.digest === "" ? reference.tag : reference.digest;
    return (
      `rpc error: code = Unknown desc = ${failed}: failed to do request: Head ` +
      `"https://${reference.domain}/v2/${reference.path}/manifests/${manifest}": ` +
      `dial tcp: lookup ${host} on 10.96.0.10:53: no such host`
    );
  }
  if (reference.tag === "doesnotexist")
    return `rpc error: code = NotFound desc = ${failed}: ${name}: not found`;
  return null;
};

const statusOf = (reference: ImageReference, image: CatalogImage): ImageStatus => {
  const name = formatImageReference({ ...reference, tag: "", digest: "" });
  const full = formatImageReference(reference);
  const digest =
    reference.digest === "" ? `sha256:${pseudoDigest(`manifest ${full}`)}` : reference.digest;
  const user = image.config.user.split(":")[0] ?? "";
  return {
    id: `sha256:${pseudoDigest(`config ${full}`)}`,
    repoTags: reference.tag === "" ? [] : [`${name}:${reference.tag}`],
    repoDigests: [`${name}@${digest}`],
    sizeBytes: image.sizeBytes,
    user: /^\d*$/.test(user) ? Number(user) : user,
  };
};
