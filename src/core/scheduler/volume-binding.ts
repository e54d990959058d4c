import {
  BOUND_BY_CONTROLLER,
  isFullyBound,
  isStatusError,
  SELECTED_NODE,
  type Node,
  type Pod,
} from "../api/index.js";
import type { Client } from "../client/index.js";
import { TIMED_OUT, within, type Call, type Engine, type Signal } from "../engine/index.js";
import { VOLUME_BIND_TIMEOUT_MS } from "./limits.js";
import type { Binding, VolumeCatalogue } from "./pod-volumes.js";

interface Environment {
  readonly engine: Engine;
  readonly client: Client;
  readonly catalogue: VolumeCatalogue;
}

interface PlacedPod {
  readonly pod: Pod;
  readonly node: Node | null;
  isStillPlaced(): boolean;
}

/**
 * Has the claims of a pod bound on the node that it goes to, and waits for it. Null when they are, else what went wrong.
 * plugins/volumebinding/binder.go, 1.34: BindPodVolumes.
 */
export function* bindPodVolumes(
  environment: Environment,
  { pod, node, isStillPlaced }: PlacedPod,
  changed: Signal,
): Call<string | null> {
  const { engine, client, catalogue } = environment;
  if (node === null) return "binding volumes: the node is gone";
  const bindings = catalogue.bindingsOn(pod, node);
  if (bindings === null) return "binding volumes: the volumes are not available any more";
  for (const binding of bindings) {
    const problem = yield* claimVolume(client, binding, node.metadata.name);
    if (problem !== null) return `binding volumes: ${problem}`;
  }
  const dueMs = engine.nowMs + VOLUME_BIND_TIMEOUT_MS;
  while (isStillPlaced()) {
    const claims = catalogue.claimsOf(pod);
    if (claims.every(isFullyBound)) return null;
    const outcome = yield* within(engine, changed, Math.max(0, dueMs - engine.nowMs));
    if (outcome === TIMED_OUT) return "binding volumes: context deadline exceeded";
  }
  return null;
}

/** Reserves a volume that is there, or says where one is to be made. */
function* claimVolume(
  client: Client,
  { claim, volume }: Binding,
  nodeName: string,
): Call<string | null> {
  const { namespace, name, uid, resourceVersion } = claim.metadata;
  try {
    if (volume === null) {
      yield* client.patch("persistentvolumeclaims", namespace, name, {
        type: "merge",
        body: { metadata: { uid, annotations: { [SELECTED_NODE]: nodeName } } },
      });
    } else if (volume.spec.claimRef?.uid !== uid) {
      yield* client.patch("persistentvolumes", "", volume.metadata.name, {
        type: "merge",
        body: {
          metadata: {
            resourceVersion: volume.metadata.resourceVersion,
            annotations: { [BOUND_BY_CONTROLLER]: "yes" },
          },
          spec: {
            claimRef: {
              apiVersion: "v1",
              kind: "PersistentVolumeClaim",
              namespace,
              name,
              uid,
              resourceVersion,
            },
          },
        },
      });
    }
    return null;
  } catch (error) {
    if (!isStatusError(error)) throw error;
    return error.message;
  }
}
