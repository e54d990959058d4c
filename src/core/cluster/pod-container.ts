import { badRequest, resourceByStorage, type Pod } from "../api/index.js";
import type { Registry } from "../registry/index.js";

/** @throws StatusError NotFound */
export const readPod = (registry: Registry, namespace: string, name: string): Pod => {
  const { body } = registry.execute({
    verb: "get",
    resource: resourceByStorage("pods"),
    namespace,
    name,
  });
  return body as unknown as Pod;
};

/** Which container a request for its log or for a command in it means. pkg/registry/core/pod/strategy.go, 1.34. @throws StatusError BadRequest */
export const chooseContainer = (pod: Pod, named: string | undefined): string => {
  const container = named ?? onlyContainerOf(pod);
  if (namesOf(pod).all.includes(container)) return container;
  throw badRequest(`container ${container} is not valid for pod ${pod.metadata.name}`);
};

/** pkg/registry/core/pod/strategy.go, 1.34: the one container of the pod, or a refusal that lists the choice. */
const onlyContainerOf = (pod: Pod): string => {
  const { app, init, ephemeral } = namesOf(pod);
  const [only] = app;
  if (only !== undefined && app.length === 1) return only;
  let message = `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${app.join(" ")}]`;
  if (init.length > 0) message += ` or one of the init containers: [${init.join(" ")}]`;
  if (ephemeral.length > 0)
    message += ` or one of the ephemeral containers: [${ephemeral.join(" ")}]`;
  throw badRequest(message);
};

const namesOf = ({ spec }: Pod): Record<"app" | "init" | "ephemeral" | "all", string[]> => {
  const app = spec.containers.map(({ name }) => name);
  const init = (spec.initContainers ?? []).map(({ name }) => name);
  const ephemeral = (spec.ephemeralContainers ?? []).map(({ name }) => name);
  return { app, init, ephemeral, all: [...app, ...init, ...ephemeral] };
};
