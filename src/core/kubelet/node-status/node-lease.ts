import { formatMicroTime, isStatusError, type Lease, type Node } from "../../api/index.js";
import type { Call } from "../../engine/index.js";
import type { KubeletContext } from "../kubelet-context.js";
import {
  LEASE_DURATION_SECONDS,
  LEASE_RENEW_MS,
  LEASE_RETRY_INITIAL_MS,
  LEASE_RETRY_MAX_MS,
} from "../timing.js";

const RESOURCE = "leases.coordination.k8s.io";
const NAMESPACE = "kube-node-lease";

/** Renews the node's lease: the heartbeat that the node controller listens for (NODE-1). component-helpers apimachinery/lease, 0.34. */
export function* keepLease(context: KubeletContext): Call<void> {
  let retryMs = LEASE_RETRY_INITIAL_MS;
  let latest: Lease | null = null;
  for (;;) {
    latest = yield* renew(context, latest);
    yield latest === null ? retryMs : LEASE_RENEW_MS;
    retryMs = latest === null ? Math.min(retryMs * 2, LEASE_RETRY_MAX_MS) : LEASE_RETRY_INITIAL_MS;
  }
}

/** Renews on top of the lease as last seen, which is asked for only when that was refused. Null when the renewal failed. */
function* renew(context: KubeletContext, latest: Lease | null): Call<Lease | null> {
  try {
    if (latest !== null) return yield* update(context, latest);
  } catch (error) {
    if (!isStatusError(error)) throw error;
  }
  try {
    const lease = yield* existing(context);
    return lease === null ? yield* create(context) : yield* update(context, lease);
  } catch (error) {
    if (isStatusError(error)) return null;
    throw error;
  }
}

const update = (context: KubeletContext, lease: Lease): Call<Lease> =>
  context.client.update<Lease>(RESOURCE, {
    ...lease,
    spec: { ...lease.spec, ...renewal(context) },
  });

function* existing({ client, nodeName }: KubeletContext): Call<Lease | null> {
  try {
    return yield* client.get<Lease>(RESOURCE, NAMESPACE, nodeName);
  } catch (error) {
    if (isStatusError(error, "NotFound")) return null;
    throw error;
  }
}

/** The lease goes with its node. */
function* create(context: KubeletContext): Call<Lease> {
  const { client, nodeName } = context;
  const node = yield* client.get<Node>("nodes", "", nodeName);
  return yield* client.create<Lease>(RESOURCE, NAMESPACE, {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name: nodeName,
      namespace: NAMESPACE,
      ownerReferences: [{ apiVersion: "v1", kind: "Node", name: nodeName, uid: node.metadata.uid }],
    },
    spec: { ...renewal(context) },
  });
}

const renewal = ({ engine, nodeName }: KubeletContext): Lease["spec"] => ({
  holderIdentity: nodeName,
  leaseDurationSeconds: LEASE_DURATION_SECONDS,
  renewTime: formatMicroTime(engine.nowMs),
});
