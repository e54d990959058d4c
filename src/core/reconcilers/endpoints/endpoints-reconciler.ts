import {
  semanticEqual,
  type EndpointSubset,
  type Endpoints,
  type Service,
} from "../../api/index.js";
import { WorkQueue, type Client } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import type { ReconcilerContext } from "../reconciler-context.js";
import { mustRetry } from "./must-retry.js";
import { endpointSubsets, truncated } from "./endpoint-subsets.js";
import { isHeadless, selectsPods } from "./pod-address.js";
import { keyOf, partsOf, podsOf, watchServicePods } from "./service-pods.js";
import { TriggerTimes, withoutKeys, withTriggerTime } from "./trigger-time.js";

/** pkg/controller/endpoint/endpoints_controller.go, 1.34: LabelManagedBy, ControllerName. */
const MANAGED_BY = "endpoints.kubernetes.io/managed-by";
const CONTROLLER = "endpoint-controller";
/** staging/src/k8s.io/api/core/v1/annotation_key_constants.go, 1.34. */
const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
const HEADLESS = "service.kubernetes.io/headless";

/** Keeps the Endpoints of Services with a selector (pkg/controller/endpoint, 1.34). */
export const startEndpointsReconciler = ({
  engine,
  client,
  informers,
}: ReconcilerContext): void => {
  const queue = new WorkQueue(engine);
  const times = new TriggerTimes();
  watchServicePods(informers, (key) => {
    queue.add(key);
  });
  informers.endpoints.addHandlers({
    onDelete: (endpoints) => {
      queue.add(keyOf(endpoints));
    },
    // What a Service that went while nobody looked has left behind.
    onAdd: (endpoints) => {
      if (endpoints.metadata.labels?.[MANAGED_BY] === CONTROLLER) queue.add(keyOf(endpoints));
    },
  });
  queue.startWorker("endpoint-controller", function* (key): Call<void> {
    yield* informers.waitForServiceCaches();
    const [namespace, name] = partsOf(key);
    const service = informers.services.get(namespace, name);
    const current = informers.endpoints.get(namespace, name);
    try {
      if (service !== undefined && selectsPods(service)) {
        const pods = podsOf(informers, service);
        const time = times.next(key, service, pods);
        yield* write(client, service, current, endpointSubsets(service, pods), time);
      } else if (service === undefined) {
        times.forget(key);
        if (current?.metadata.labels?.[MANAGED_BY] === CONTROLLER)
          yield* client.delete("endpoints", namespace, name);
      }
    } catch (error) {
      if (mustRetry(error, queue.requeues(key))) throw error;
    }
  });
};

function* write(
  client: Client,
  service: Service,
  current: Endpoints | undefined,
  subsets: readonly EndpointSubset[],
  time: string | null,
): Call<void> {
  const kept = truncated(subsets);
  const next = kept ?? [...subsets];
  const labels = {
    ...service.metadata.labels,
    [MANAGED_BY]: CONTROLLER,
    ...(isHeadless(service) ? { [HEADLESS]: "" } : {}),
  };
  const { namespace, name } = service.metadata;
  const over = current?.metadata.annotations?.[OVER_CAPACITY];
  const isSame =
    current !== undefined &&
    semanticEqual(current.subsets, next) &&
    semanticEqual(current.metadata.labels, labels) &&
    (over !== undefined) === (kept !== null);
  if (isSame) return;
  const annotations = {
    ...withoutKeys(withTriggerTime(current?.metadata.annotations, time), OVER_CAPACITY),
    ...(kept === null ? {} : { [OVER_CAPACITY]: "truncated" }),
  };
  if (current === undefined) {
    yield* client.create("endpoints", namespace, {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { name, namespace, labels, annotations },
      subsets: next,
    });
    return;
  }
  yield* client.update<Endpoints>("endpoints", {
    ...current,
    metadata: { ...current.metadata, labels, annotations },
    subsets: next,
  });
}
