import { isStatusError, type ServiceAccountTokenProjection } from "../../api/index.js";
import type { Call } from "../../engine/index.js";
import { ConfigError } from "../config-reader.js";
import type { VolumeContext } from "./volume-plugins.js";

/** Asks the API for a token bound to the pod. pkg/kubelet/token/token_manager.go, 1.34. */
export function* serviceAccountToken(
  { client, handle }: VolumeContext,
  { audience, expirationSeconds }: ServiceAccountTokenProjection,
): Call<string> {
  const { metadata, spec } = handle.pod;
  const account = spec.serviceAccountName ?? "default";
  try {
    const answer = yield* client.createSubresource(
      "serviceaccounts",
      metadata.namespace,
      account,
      "token",
      {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        metadata: {},
        spec: {
          audiences: audience === undefined || audience === "" ? [] : [audience],
          expirationSeconds: expirationSeconds ?? 3600,
          boundObjectRef: {
            apiVersion: "v1",
            kind: "Pod",
            name: metadata.name,
            uid: metadata.uid,
          },
        },
      },
    );
    return tokenOf(answer);
  } catch (error) {
    if (!isStatusError(error)) throw error;
    throw new ConfigError(`failed to fetch token: ${error.message}`);
  }
}

function tokenOf(answer: unknown): string {
  if (typeof answer === "object" && answer !== null && "status" in answer) {
    const { status } = answer;
    if (typeof status === "object" && status !== null && "token" in status) {
      return String(status.token);
    }
  }
  throw new ConfigError("failed to fetch token: the answer has none");
}
