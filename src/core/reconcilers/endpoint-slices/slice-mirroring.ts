import {
  semanticEqual,
  type Endpoints,
  type EndpointAddress,
  type EndpointSlice,
  type EndpointSubset,
} from "../../api/index.js";
import { WorkQueue, type Client } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { mustRetry } from "../endpoints/must-retry.js";
import { keyOf, partsOf } from "../endpoints/service-pods.js";
import { TRIGGER_TIME, withoutKeys } from "../endpoints/trigger-time.js";
import { MAX_MIRRORED_ENDPOINTS, SLICE_CHANGE_DELAY_MS } from "../limits.js";
import { SERVICE_NAME, type ReconcilerContext } from "../reconciler-context.js";
import {
  controllerReference,
  MANAGED_BY,
  ownedBy,
  portKey,
  sliceNamePrefix,
  type SliceDraft,
  type SliceEndpoint,
} from "./slice-draft.js";
import { removeSlice } from "./slice-writes.js";
import { WrittenSlices } from "./written-slices.js";

/** pkg/controller/endpointslicemirroring/endpointslicemirroring_controller.go, 1.34: ControllerName. */
const MIRRORING_CONTROLLER = "endpointslicemirroring-controller.k8s.io";
const SKIP_MIRROR = "endpointslice.kubernetes.io/skip-mirror";
const LEADER = "control-plane.alpha.kubernetes.io/leader";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** Makes slices of the Endpoints that users keep themselves for Services without a selector (pkg/controller/endpointslicemirroring, 1.34). */
export const startSliceMirroring = ({ engine, client, informers }: ReconcilerContext): void => {
  const queue = new WorkQueue(engine);
  const slices = new WrittenSlices(informers, MIRRORING_CONTROLLER, (key) => {
    queue.addAfter(key, SLICE_CHANGE_DELAY_MS);
  });
  const enqueue = (object: Parameters<typeof keyOf>[0]): void => {
    queue.add(keyOf(object));
  };
  informers.endpoints.addHandlers({ onAdd: enqueue, onUpdate: enqueue, onDelete: enqueue });
  informers.services.addHandlers({ onAdd: enqueue, onUpdate: enqueue, onDelete: enqueue });
  queue.startWorker("endpointslicemirroring-controller", function* (key): Call<void> {
    yield* informers.waitForServiceCaches();
    const service = informers.services.get(...partsOf(key));
    const endpoints = informers.endpoints.get(...partsOf(key));
    const isMirrored =
      service !== undefined &&
      service.spec.selector === undefined &&
      endpoints !== undefined &&
      endpoints.metadata.labels?.[SKIP_MIRROR] !== "true" &&
      endpoints.metadata.annotations?.[LEADER] === undefined;
    try {
      yield* mirror(client, key, isMirrored ? endpoints : null, slices);
    } catch (error) {
      if (mustRetry(error, queue.requeues(key))) throw error;
    }
  });
};

function* mirror(
  client: Client,
  key: string,
  endpoints: Endpoints | null,
  slices: WrittenSlices,
): Call<void> {
  const drafts = endpoints === null ? [] : (endpoints.subsets ?? []).flatMap(draftsOf);
  const unused = new Map(slices.of(key).map((slice) => [slice.metadata.name, slice]));
  for (const draft of drafts) {
    if (endpoints === null) break;
    const same = [...unused.values()].find(
      (slice) =>
        slice.addressType === draft.addressType &&
        portKey(slice.ports ?? []) === portKey(draft.ports) &&
        ownedBy(slice, endpoints.metadata.uid),
    );
    if (same !== undefined) unused.delete(same.metadata.name);
    const written = yield* write(client, endpoints, draft, same);
    if (written !== null) slices.wrote(written);
  }
  for (const name of unused.keys()) {
    yield* removeSlice(client, partsOf(key)[0], name);
    slices.removed(key, name);
  }
}

interface MirrorDraft extends Pick<SliceDraft, "ports" | "endpoints"> {
  readonly addressType: "IPv4" | "IPv6";
}

const draftsOf = (subset: EndpointSubset): MirrorDraft[] => {
  const ready = (subset.addresses ?? []).map((address) => endpointOf(address, true));
  const notReady = (subset.notReadyAddresses ?? []).map((address) => endpointOf(address, false));
  const all = [...ready, ...notReady].slice(0, MAX_MIRRORED_ENDPOINTS);
  const ports = (subset.ports ?? []).map(({ name = "", protocol = "TCP", port, appProtocol }) => ({
    name,
    protocol,
    port,
    ...(appProtocol === undefined ? {} : { appProtocol }),
  }));
  return (["IPv4", "IPv6"] as const).flatMap((addressType) => {
    const endpoints = all.filter(
      ({ addresses }) => (addresses[0] ?? "").includes(":") === (addressType === "IPv6"),
    );
    return endpoints.length === 0 ? [] : [{ addressType, ports, endpoints }];
  });
};

/** pkg/controller/endpointslicemirroring/utils.go addressToEndpoint, 1.34 */
const endpointOf = (
  { ip, hostname = "", targetRef, nodeName }: EndpointAddress,
  ready: boolean,
): SliceEndpoint => ({
  addresses: [ip],
  conditions: { ready },
  ...(hostname === "" ? {} : { hostname }),
  ...(targetRef === undefined ? {} : { targetRef }),
  ...(nodeName === undefined ? {} : { nodeName }),
});

function* write(
  client: Client,
  owner: Endpoints,
  draft: MirrorDraft,
  current: EndpointSlice | undefined,
): Call<EndpointSlice | null> {
  const { name, namespace } = owner.metadata;
  const labels = {
    ...owner.metadata.labels,
    [SERVICE_NAME]: name,
    [MANAGED_BY]: MIRRORING_CONTROLLER,
  };
  const annotations = withoutKeys(owner.metadata.annotations, TRIGGER_TIME, LAST_APPLIED);
  const endpoints = [...draft.endpoints];
  if (current === undefined) {
    return yield* client.create<EndpointSlice>("endpointslices.discovery.k8s.io", namespace, {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        generateName: sliceNamePrefix(name),
        namespace,
        labels,
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
        ownerReferences: [controllerReference("Endpoints", owner.metadata)],
      },
      addressType: draft.addressType,
      endpoints,
      ports: draft.ports,
    });
  }
  const isSame =
    semanticEqual(current.endpoints, endpoints) &&
    semanticEqual(current.metadata.labels, labels) &&
    semanticEqual(Object.entries(current.metadata.annotations ?? {}), Object.entries(annotations));
  if (isSame) return null;
  return yield* client.update<EndpointSlice>("endpointslices.discovery.k8s.io", {
    ...current,
    metadata: { ...current.metadata, labels, annotations },
    endpoints,
  });
}
