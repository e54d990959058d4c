import { isStatusError, type EndpointSlice } from "../../api/index.js";
import type { Client } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { withTriggerTime } from "../endpoints/trigger-time.js";
import type { SliceDraft } from "./slice-draft.js";

const RESOURCE = "endpointslices.discovery.k8s.io";

export const updateSlice = (
  client: Client,
  current: EndpointSlice,
  { labels, ports, endpoints }: SliceDraft,
  time: string | null,
): Call<EndpointSlice> =>
  client.update<EndpointSlice>(RESOURCE, {
    ...current,
    metadata: {
      ...current.metadata,
      labels: { ...labels },
      annotations: withTriggerTime(current.metadata.annotations, time),
    },
    endpoints: [...endpoints],
    ports: [...ports],
  });

/** A slice that is gone already is fine. */
export function* removeSlice(client: Client, namespace: string, name: string): Call<void> {
  try {
    yield* client.delete(RESOURCE, namespace, name);
  } catch (error) {
    if (!isStatusError(error) || error.status.reason !== "NotFound") throw error;
  }
}
