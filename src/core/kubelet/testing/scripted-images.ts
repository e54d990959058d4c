import type { Call, Engine } from "../../engine/index.js";
import { CriError, type ImageService, type ImageStatus } from "../../runtime/index.js";

export interface ImageScript {
  readonly isPresent?: boolean;
  readonly pullMs?: number;
  /** Of the pulls in turn; null is a success. The last one stands for all further. */
  readonly errors?: readonly (string | null)[];
  readonly user?: number | string;
}

/** Images that are there, come after a while, or never come, as the spec says. */
export class ScriptedImages implements ImageService {
  readonly #present = new Map<string, ImageStatus>();
  readonly #pulls = new Map<string, number>();

  /** When each pull began. */
  readonly pulledAtMs: number[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly scripts: Readonly<Record<string, ImageScript>>,
  ) {
    for (const [image, script] of Object.entries(scripts)) {
      if (script.isPresent === true) this.#present.set(image, statusOf(image, script));
    }
  }

  imageStatus(reference: string): ImageStatus | null {
    return this.#present.get(reference) ?? null;
  }

  *pullImage(reference: string, pullMs: number | null): Call<ImageStatus> {
    const script = this.scripts[reference] ?? {};
    this.pulledAtMs.push(this.engine.nowMs);
    yield pullMs ?? script.pullMs ?? 100;
    const count = this.#pulls.get(reference) ?? 0;
    this.#pulls.set(reference, count + 1);
    const errors = script.errors ?? [];
    const error = errors[Math.min(count, errors.length - 1)];
    if (typeof error === "string") throw new CriError("ErrImagePull", error);
    const status = statusOf(reference, script);
    this.#present.set(reference, status);
    return status;
  }

  listImages(): readonly ImageStatus[] {
    return [...this.#present.values()];
  }

  removeImage(id: string): void {
    for (const [name, status] of this.#present) if (status.id === id) this.#present.delete(name);
  }
}

const statusOf = (image: string, script: ImageScript): ImageStatus => ({
  id: `sha256:${image}`,
  repoTags: [image],
  repoDigests: [],
  sizeBytes: 1000,
  user: script.user ?? 0,
});
