import { semanticEqual, type EndpointSlice, type Service } from "../../api/index.js";
import { MAX_ENDPOINTS_PER_SLICE } from "../limits.js";
import {
  ownedBy,
  portKey,
  sliceLabels,
  withoutReserved,
  type DesiredGroup,
  type SliceDraft,
  type SliceEndpoint,
  type SlicePort,
} from "./slice-draft.js";

export interface SlicePlan {
  readonly create: readonly SliceDraft[];
  readonly update: readonly SliceDraft[];
  /** Names. */
  readonly remove: readonly string[];
}

/** What must be written so that the slices of a Service say what is desired. staging/src/k8s.io/endpointslice/reconciler.go, 1.34 */
export const planSlices = (
  service: Service,
  desired: ReadonlyMap<string, DesiredGroup>,
  existing: readonly EndpointSlice[],
): SlicePlan => {
  const labels = sliceLabels(service);
  const create: SliceDraft[] = [];
  const update: SliceDraft[] = [];
  const remove: EndpointSlice[] = [];
  const byPorts = new Map<string, EndpointSlice[]>();
  for (const slice of existing) {
    const key = portKey(slice.ports ?? []);
    if (!ownedBy(slice, service.metadata.uid)) remove.push(slice);
    else byPorts.set(key, [...(byPorts.get(key) ?? []), slice]);
  }
  for (const [key, group] of desired) {
    const plan = fillGroup(service, group, byPorts.get(key) ?? [], labels);
    create.push(...plan.create);
    update.push(...plan.update);
    remove.push(...plan.remove);
  }
  for (const [key, slices] of byPorts) if (!desired.has(key)) remove.push(...slices);
  // A Service without endpoints has one empty slice.
  if (existing.length === remove.length && create.length === 0) {
    const [only] = remove;
    if (remove.length === 1 && only !== undefined && isPlaceholder(only, service, labels))
      remove.pop();
    else create.push({ name: null, labels, ports: [], endpoints: [] });
  }
  return reuse(service, create, update, remove);
};

const isPlaceholder = (
  slice: EndpointSlice,
  service: Service,
  labels: Readonly<Record<string, string>>,
): boolean =>
  ownedBy(slice, service.metadata.uid) &&
  (slice.endpoints ?? []).length === 0 &&
  (slice.ports ?? []).length === 0 &&
  semanticEqual(slice.metadata.labels, labels);

/** Rather than one slice deleted and another made, one is changed. reconciler.go finalize, 1.34 */
const reuse = (
  service: Service,
  create: SliceDraft[],
  update: SliceDraft[],
  remove: readonly EndpointSlice[],
): SlicePlan => {
  const left: string[] = [];
  for (const slice of remove) {
    const { name } = slice.metadata;
    const draft = ownedBy(slice, service.metadata.uid) ? create.pop() : undefined;
    if (draft === undefined) left.push(name);
    else update.push({ ...draft, name });
  }
  return { create, update, remove: left };
};

interface Draft {
  readonly name: string | null;
  readonly ports: readonly SlicePort[];
  readonly endpoints: SliceEndpoint[];
}

interface Kept {
  readonly changed: Draft[];
  readonly unchanged: EndpointSlice[];
  readonly emptied: EndpointSlice[];
}

interface GroupPlan {
  readonly create: readonly SliceDraft[];
  readonly update: readonly SliceDraft[];
  readonly remove: readonly EndpointSlice[];
}

/** reconciler.go reconcileByPortMapping, 1.34: keep, then fill what changes anyway, then an unchanged slice with room, then new ones. */
const fillGroup = (
  service: Service,
  { ports, endpoints }: DesiredGroup,
  existing: readonly EndpointSlice[],
  labels: Readonly<Record<string, string>>,
): GroupPlan => {
  const waiting = new Map(endpoints.map((endpoint) => [endpointKey(endpoint), endpoint]));
  const { changed, unchanged, emptied } = keepDesired(service, existing, waiting);
  const left = [...waiting.values()];
  changed.sort((a, b) => b.endpoints.length - a.endpoints.length);
  for (const draft of changed) fill(draft, left);
  const created: Draft[] = [];
  while (left.length > 0) {
    const spare = left.length < MAX_ENDPOINTS_PER_SLICE ? roomiest(unchanged, left.length) : null;
    const draft: Draft = {
      name: spare?.metadata.name ?? null,
      ports,
      endpoints: [...(spare?.endpoints ?? [])],
    };
    fill(draft, left);
    if (spare === null) created.push(draft);
    else {
      unchanged.splice(unchanged.indexOf(spare), 1);
      changed.push(draft);
    }
  }
  const labelled = (draft: Draft): SliceDraft => ({ ...draft, labels });
  return { create: created.map(labelled), update: changed.map(labelled), remove: emptied };
};

/** Takes out of `waiting` what the slices hold already. */
const keepDesired = (
  service: Service,
  existing: readonly EndpointSlice[],
  waiting: Map<string, SliceEndpoint>,
): Kept => {
  const kept: Kept = { changed: [], unchanged: [], emptied: [] };
  for (const slice of existing) {
    const before = slice.endpoints ?? [];
    const endpoints: SliceEndpoint[] = [];
    let isUpdated = false;
    for (const endpoint of before) {
      const key = endpointKey(endpoint);
      const wanted = waiting.get(key);
      if (wanted === undefined) continue;
      waiting.delete(key);
      endpoints.push(wanted);
      isUpdated ||= !semanticEqual(wanted, endpoint);
    }
    const hasLost = endpoints.length < before.length;
    const isRelabelled = !semanticEqual(
      withoutReserved(slice.metadata.labels),
      withoutReserved(service.metadata.labels),
    );
    const draft = { name: slice.metadata.name, ports: slice.ports ?? [], endpoints };
    if (hasLost && endpoints.length === 0) kept.emptied.push(slice);
    else if (isUpdated || hasLost || isRelabelled) kept.changed.push(draft);
    else kept.unchanged.push(slice);
  }
  return kept;
};

const endpointKey = ({ addresses, targetRef }: SliceEndpoint): string =>
  `${addresses.join()} ${targetRef?.namespace ?? ""}/${targetRef?.name ?? ""}`;

const fill = ({ endpoints }: Draft, left: SliceEndpoint[]): void => {
  endpoints.push(...left.splice(0, Math.max(0, MAX_ENDPOINTS_PER_SLICE - endpoints.length)));
};

/** The slice that is fullest once `count` more are in it. utils.go getSliceToFill, 1.34 */
const roomiest = (slices: readonly EndpointSlice[], count: number): EndpointSlice | null => {
  let best: EndpointSlice | null = null;
  let bestRoom = MAX_ENDPOINTS_PER_SLICE;
  for (const slice of slices) {
    const room = MAX_ENDPOINTS_PER_SLICE - count - (slice.endpoints ?? []).length;
    if (room < 0 || room >= bestRoom) continue;
    best = slice;
    bestRoom = room;
  }
  return best;
};
