import { isStatusError, type ServiceAccountTokenProjection } from "../../api/index.js";
import type { Client } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { ConfigError } from "../config-reader.js";
import type { PodHandle } from "../pod-handle.js";

/** Read when somebody opens its file: most pods never do, and a signature takes its time. */
export interface LazyToken {
  read(): string;
}

interface CachedToken {
  readonly token: LazyToken;
  readonly refreshAtMs: number;
}

/** A token is asked for anew when so much of its time has passed. pkg/kubelet/token/token_manager.go, 1.34. */
const REFRESH_AT = 0.8;
/** Or when it is this old, however long it is good for: token_manager.go, maxTTL. */
const MAX_AGE_MS = 24 * 3600 * 1000;

/** Tokens bound to pods, asked for when needed and kept while they are fresh. */
export class TokenManager {
  /** By pod UID, then audience and lifetime. */
  readonly #tokens = new Map<string, Map<string, CachedToken>>();

  constructor(
    private readonly client: Client,
    private readonly nowMs: () => number,
  ) {}

  /** Throws ConfigError when the API gives none. */
  *tokenFor(handle: PodHandle, projection: ServiceAccountTokenProjection): Call<LazyToken> {
    const { audience = "", expirationSeconds = 3600 } = projection;
    const key = `${audience}/${expirationSeconds}`;
    const ofPod = this.#tokens.get(handle.uid) ?? new Map<string, CachedToken>();
    this.#tokens.set(handle.uid, ofPod);
    const cached = ofPod.get(key);
    if (cached !== undefined && this.nowMs() < cached.refreshAtMs) return cached.token;
    const token = yield* this.#request(handle, audience, expirationSeconds);
    const ageMs = Math.min(expirationSeconds * 1000 * REFRESH_AT, MAX_AGE_MS);
    ofPod.set(key, { token, refreshAtMs: this.nowMs() + ageMs });
    return token;
  }

  forgetPod(podUid: string): void {
    this.#tokens.delete(podUid);
  }

  *#request(handle: PodHandle, audience: string, expirationSeconds: number): Call<LazyToken> {
    const { metadata, spec } = handle.pod;
    const account = spec.serviceAccountName ?? "default";
    const { name, namespace, uid } = metadata;
    const body = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      metadata: {},
      spec: {
        audiences: audience === "" ? [] : [audience],
        expirationSeconds,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
      },
    };
    try {
      const answer = yield* this.client.createSubresource(
        "serviceaccounts",
        namespace,
        account,
        "token",
        body,
      );
      return tokenOf(answer);
    } catch (error) {
      if (!isStatusError(error)) throw error;
      throw new ConfigError(`failed to fetch token: ${error.message}`);
    }
  }
}

function tokenOf(answer: unknown): LazyToken {
  if (typeof answer === "object" && answer !== null && "status" in answer) {
    const { status } = answer;
    if (typeof status === "object" && status !== null && "token" in status) {
      return { read: () => String(status.token) };
    }
  }
  throw new ConfigError("failed to fetch token: the answer has none");
}
