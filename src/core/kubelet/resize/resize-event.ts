import type { Container, Pod } from "../../api/index.js";

/** What ResizeCompleted says: all that was granted, as Go writes it. pkg/kubelet/allocation/allocation_manager.go, 1.34: podResizeCompletionMsg. */
export function resizeCompletedText({ spec }: Pod): string {
  const init = (spec.initContainers ?? []).map(allocation);
  const summary = {
    ...(init.length === 0 ? {} : { initContainers: init }),
    containers: spec.containers.map(allocation),
  };
  return `Pod resize completed: ${JSON.stringify(summary)}`;
}

const allocation = ({ name, resources = {} }: Container): object => ({
  name,
  resources: {
    ...(resources.limits === undefined ? {} : { limits: sorted(resources.limits) }),
    ...(resources.requests === undefined ? {} : { requests: sorted(resources.requests) }),
  },
});

const sorted = (amounts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(amounts).sort(([a], [b]) => (a < b ? -1 : 1)));
