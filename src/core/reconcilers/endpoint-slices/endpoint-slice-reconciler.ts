import type { EndpointSlice, Service } from "../../api/index.js";
import { WorkQueue, type Client } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { mustRetry } from "../endpoints/must-retry.js";
import { selectsPods } from "../endpoints/pod-address.js";
import { keyOf, partsOf, podsOf, watchServicePods } from "../endpoints/service-pods.js";
import { TriggerTimes, withTriggerTime } from "../endpoints/trigger-time.js";
import { SLICE_BACKOFF_MS, SLICE_CHANGE_DELAY_MS, SLICE_MAX_BACKOFF_MS } from "../limits.js";
import type { ReconcilerContext } from "../reconciler-context.js";
import { removeSlice, updateSlice } from "./slice-writes.js";
import {
  controllerReference,
  desiredGroups,
  SLICE_CONTROLLER,
  sliceNamePrefix,
  type SliceDraft,
} from "./slice-draft.js";
import { planSlices } from "./slice-plan.js";
import { WrittenSlices } from "./written-slices.js";

const ZONE = "topology.kubernetes.io/zone";

/** Keeps the EndpointSlices of Services with a selector (pkg/controller/endpointslice, 1.34). */
export const startEndpointSliceReconciler = ({
  engine,
  client,
  informers,
}: ReconcilerContext): void => {
  const queue = new WorkQueue(engine, {
    baseDelayMs: SLICE_BACKOFF_MS,
    maxDelayMs: SLICE_MAX_BACKOFF_MS,
  });
  const times = new TriggerTimes();
  const slices = new WrittenSlices(informers, SLICE_CONTROLLER, (key) => {
    queue.addAfter(key, SLICE_CHANGE_DELAY_MS);
  });
  watchServicePods(informers, (key) => {
    queue.add(key);
  });
  const zoneOf = (nodeName: string): string | null | undefined => {
    const node = informers.nodes.get("", nodeName);
    return node === undefined ? undefined : (node.metadata.labels?.[ZONE] ?? null);
  };
  queue.startWorker("endpointslice-controller", function* (key): Call<void> {
    yield* informers.waitForServiceCaches();
    const service = informers.services.get(...partsOf(key));
    if (service === undefined) {
      times.forget(key);
      return;
    }
    if (!selectsPods(service)) return;
    const pods = podsOf(informers, service);
    const time = times.next(key, service, pods);
    try {
      yield* carryOut(client, service, desiredGroups(service, pods, zoneOf), slices, time);
    } catch (error) {
      if (mustRetry(error, queue.requeues(key))) throw error;
    }
  });
};

function* carryOut(
  client: Client,
  service: Service,
  desired: ReturnType<typeof desiredGroups>,
  slices: WrittenSlices,
  time: string | null,
): Call<void> {
  const key = keyOf(service);
  const existing = slices.of(key);
  const plan = planSlices(service, desired, existing);
  // The garbage collector must not find new ones of a Service that goes.
  if (service.metadata.deletionTimestamp === undefined) {
    for (const draft of plan.create) slices.wrote(yield* createSlice(client, service, draft, time));
  }
  for (const draft of plan.update) {
    const current = existing.find(({ metadata }) => metadata.name === draft.name);
    if (current !== undefined) slices.wrote(yield* updateSlice(client, current, draft, time));
  }
  for (const name of plan.remove) {
    yield* removeSlice(client, service.metadata.namespace, name);
    slices.removed(key, name);
  }
}

const createSlice = (
  client: Client,
  service: Service,
  { labels, ports, endpoints }: SliceDraft,
  time: string | null,
): Call<EndpointSlice> => {
  const { namespace, name } = service.metadata;
  return client.create<EndpointSlice>("endpointslices.discovery.k8s.io", namespace, {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      generateName: sliceNamePrefix(name),
      namespace,
      labels,
      annotations: withTriggerTime(undefined, time),
      ownerReferences: [controllerReference("Service", service.metadata)],
    },
    addressType: "IPv4",
    endpoints,
    ports,
  });
};
