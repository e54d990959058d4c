import { asInteger, isSidecar, parseQuantity, type Container, type Pod } from "../api/index.js";
import { isCriticalPod } from "./admission.js";

/** pkg/kubelet/qos/policy.go, 1.34: guaranteedOOMScoreAdj and besteffortOOMScoreAdj. */
const GUARANTEED = -997;
const BEST_EFFORT = 1000;

const NODE_CRITICAL = "system-node-critical";

/**
 * How willingly the kernel kills a container when the node has no memory left: the less of the node's memory it asked for, the sooner. A sidecar
 * goes no sooner than the app container that asked for least (SIDE-12). qos/policy.go, 1.34: GetContainerOOMScoreAdjust.
 */
export function oomScoreAdjust(pod: Pod, container: Container, memoryCapacity: number): number {
  if (isCriticalPod(pod) && pod.spec.priorityClassName === NODE_CRITICAL) return GUARANTEED;
  if (pod.status.qosClass === "Guaranteed") return GUARANTEED;
  if (pod.status.qosClass === "BestEffort") return BEST_EFFORT;
  const scoreOf = (bytes: number): number =>
    BEST_EFFORT - Math.floor((BEST_EFFORT * bytes) / memoryCapacity);
  const own = scoreOf(memoryRequest(container));
  const isInit = pod.spec.initContainers?.some(({ name }) => name === container.name) === true;
  const score =
    isInit && isSidecar(container)
      ? Math.min(own, scoreOf(Math.min(...pod.spec.containers.map(memoryRequest))))
      : own;
  return Math.min(BEST_EFFORT - 1, Math.max(BEST_EFFORT + GUARANTEED, score));
}

const memoryRequest = ({ resources }: Container): number =>
  asInteger(parseQuantity(resources?.requests?.["memory"] ?? "0"));
