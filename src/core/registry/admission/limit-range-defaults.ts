import type { Container, LimitRange, Pod } from "../../api/index.js";
import { withMetadata } from "../object-metadata.js";
import type { WriteContext } from "../strategy.js";

const ANNOTATION = "kubernetes.io/limit-ranger";

type Amounts = Readonly<Record<string, string>>;

export const limitRangesOf = ({ store, namespace }: WriteContext): readonly LimitRange[] =>
  store.list("limitranges", namespace) as LimitRange[];

/** Requests and limits that the namespace's LimitRanges give to containers without. plugin/pkg/admission/limitranger/admission.go, 1.34 */
export const withLimitRangeDefaults = (pod: Pod, context: WriteContext): Pod =>
  limitRangesOf(context).reduce(withDefaultsOf, pod);

const withDefaultsOf = (pod: Pod, limitRange: LimitRange): Pod => {
  const requests: Record<string, string> = {};
  const limits: Record<string, string> = {};
  for (const item of limitRange.spec.limits) {
    if (item.type !== "Container") continue;
    Object.assign(requests, item.defaultRequest);
    Object.assign(limits, item.default);
  }
  const notes: string[] = [];
  const fill = (kind: string) => (container: Container) =>
    filled(container, requests, limits, kind, notes);
  const { containers, initContainers } = pod.spec;
  const spec = {
    ...pod.spec,
    containers: containers.map(fill("container")),
    ...(initContainers === undefined
      ? {}
      : { initContainers: initContainers.map(fill("init container")) }),
  };
  if (notes.length === 0) return pod;
  const annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${notes.join("; ")}`,
  };
  return { ...withMetadata(pod, { annotations }), spec };
};

const filled = (
  container: Container,
  requests: Amounts,
  limits: Amounts,
  kind: string,
  notes: string[],
): Container => {
  const resources = container.resources ?? {};
  const missingLimits = missing(resources.limits, limits);
  const missingRequests = missing(resources.requests, requests);
  if (missingRequests.length > 0) {
    notes.push(`${missingRequests.join(", ")} request for ${kind} ${container.name}`);
  }
  if (missingLimits.length > 0) {
    notes.push(`${missingLimits.join(", ")} limit for ${kind} ${container.name}`);
  }
  if (missingRequests.length + missingLimits.length === 0) return container;
  return {
    ...container,
    resources: {
      ...resources,
      ...(missingLimits.length === 0 ? {} : { limits: { ...limits, ...resources.limits } }),
      ...(missingRequests.length === 0 ? {} : { requests: { ...requests, ...resources.requests } }),
    },
  };
};

const missing = (own: Amounts | undefined, defaults: Amounts): string[] =>
  Object.keys(defaults)
    .filter((name) => own?.[name] === undefined)
    .toSorted();
