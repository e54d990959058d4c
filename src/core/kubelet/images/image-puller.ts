import { formatDuration, type ObjectReference } from "../../api/index.js";
import type { Call } from "../../engine/index.js";
import { CriError, type ImageStatus } from "../../runtime/index.js";
import type { KubeletContext } from "../kubelet-context.js";
import { RestartBackoff } from "../restart-backoff.js";
import type { StartFailure } from "../status/container-status.js";
import { IMAGE_BACKOFF_INITIAL_MS, IMAGE_BACKOFF_MAX_MS } from "../timing.js";
import { withDefaultTag } from "./image-reference.js";
import { PullQueue } from "./pull-queue.js";

export interface ImageRequest {
  readonly podUid: string;
  /** As in the pod spec. */
  readonly image: string;
  readonly policy: string;
  /** What the events are about: the pod and the container in it. */
  readonly about: ObjectReference;
  /** Scripted time of the pull, null for that of the image. */
  readonly pullMs: number | null;
}

export type ImageResult = { readonly failure: null } | { readonly failure: StartFailure };

const PRESENT: ImageResult = { failure: null };

/** Sees to it that an image is on the node before a container is made from it. pkg/kubelet/images/image_manager.go, 1.34. */
export class ImagePuller {
  readonly #backoff = new RestartBackoff(IMAGE_BACKOFF_INITIAL_MS, IMAGE_BACKOFF_MAX_MS);
  readonly #queue = new PullQueue();
  /** The last error of a pull, which the Waiting message repeats while it is not tried again (IMG-4). */
  readonly #lastErrors = new Map<string, string>();

  constructor(private readonly context: KubeletContext) {}

  *ensureImage(request: ImageRequest): Call<ImageResult> {
    const tagged = withDefaultTag(request.image);
    if (tagged.error !== null) {
      const message = `Failed to apply default image tag "${request.image}": ${tagged.error}`;
      this.#warn(request, "InspectFailed", message);
      return failed("InvalidImageName", message);
    }
    if (request.policy !== "Always") {
      if (this.context.runtime.images.imageStatus(request.image) !== null) {
        const message = `Container image "${request.image}" already present on machine`;
        this.#note(request, "Pulled", message);
        return PRESENT;
      }
      if (request.policy === "Never") {
        const message = `Container image "${request.image}" is not present with pull policy of Never`;
        this.#warn(request, "ErrImageNeverPull", message);
        return failed("ErrImageNeverPull", message);
      }
    }
    return yield* this.#pull(request, tagged.image);
  }

  /** Forgets the delays of a pod that is gone. */
  forgetPod(podUid: string): void {
    this.#backoff.forget(`${podUid}_`);
    for (const key of this.#lastErrors.keys()) {
      if (key.startsWith(`${podUid}_`)) this.#lastErrors.delete(key);
    }
  }

  /** Events and back-off go by the name in the spec; what is pulled has a tag. image_manager.go, 1.34: pullImage. */
  *#pull(request: ImageRequest, tagged: string): Call<ImageResult> {
    const { engine } = this.context;
    const { image } = request;
    const key = `${request.podUid}_${image}`;
    if (this.#backoff.isInBackoffSinceUpdate(key, engine.nowMs)) {
      const message = `Back-off pulling image "${image}"`;
      this.#note(request, "BackOff", message);
      const lastError = this.#lastErrors.get(key);
      const detail = lastError === undefined ? message : `${message}: ${lastError}`;
      return failed("ImagePullBackOff", detail);
    }
    this.#lastErrors.delete(key);
    this.#note(request, "Pulling", `Pulling image "${image}"`);
    const requestedAtMs = engine.nowMs;
    const outcome = yield* this.#queue.run(() => this.#pullNow(request, tagged));
    if ("error" in outcome) {
      const { reason, message } = outcome.error;
      this.#warn(request, "Failed", `Failed to pull image "${image}": ${message}`);
      this.#backoff.next(key, engine.nowMs, engine.nowMs);
      this.#lastErrors.set(key, `${reason}: ${message}`);
      return failed(reason, message);
    }
    const waited = formatDuration(engine.nowMs - requestedAtMs);
    this.#note(
      request,
      "Pulled",
      `Successfully pulled image "${image}" in ${formatDuration(outcome.tookMs)} (${waited} including waiting). Image size: ${String(outcome.image.sizeBytes)} bytes.`,
    );
    return PRESENT;
  }

  *#pullNow(
    request: ImageRequest,
    image: string,
  ): Call<{ readonly error: CriError } | { readonly image: ImageStatus; readonly tookMs: number }> {
    const { engine, runtime } = this.context;
    const startedAtMs = engine.nowMs;
    try {
      const status = yield* runtime.images.pullImage(image, request.pullMs);
      return { image: status, tookMs: engine.nowMs - startedAtMs };
    } catch (error) {
      if (error instanceof CriError) return { error };
      throw error;
    }
  }

  #note(request: ImageRequest, reason: string, message: string): void {
    this.context.events.emit(request.about, "Normal", reason, message);
  }

  #warn(request: ImageRequest, reason: string, message: string): void {
    this.context.events.emit(request.about, "Warning", reason, message);
  }
}

const failed = (reason: string, message: string): ImageResult => ({ failure: { reason, message } });
