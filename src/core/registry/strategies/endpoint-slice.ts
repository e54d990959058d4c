import type { EndpointSlice } from "../../api/index.js";
import type { Strategy } from "../strategy.js";
import { contentOf, withFirstGeneration, withNextGeneration } from "./generation.js";

/** pkg/registry/discovery/endpointslice/strategy.go, 1.34 */
export const endpointSliceStrategy: Strategy<EndpointSlice> = {
  prepareForCreate: (slice) => withFirstGeneration(slice),
  prepareForUpdate: (next, previous) =>
    withNextGeneration(next, previous, (slice) => [contentOf(slice), slice.metadata.labels]),
};
