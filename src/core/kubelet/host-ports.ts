import type { Pod } from "../api/index.js";
import type { PortMapping } from "../runtime/index.js";
import { initContainersOf, isSidecar } from "./pod-spec.js";

interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const ANY_IP = "0.0.0.0";

/** A port of the node that the pod wants and another has; null when there is none. pkg/scheduler/framework/types.go, 1.34: HostPortInfo. */
export function conflictingPort(pod: Pod, others: readonly Pod[]): number | null {
  const wanted = hostPorts(pod);
  if (wanted.length === 0) return null;
  const taken = others.flatMap(hostPorts);
  return wanted.find((port) => taken.some((other) => isSamePort(port, other)))?.port ?? null;
}

const hostPorts = ({ spec }: Pod): HostPort[] =>
  [...initContainersOf(spec).filter(isSidecar), ...spec.containers]
    .flatMap((container) => container.ports ?? [])
    .flatMap(({ hostPort, hostIP, protocol }) =>
      hostPort === undefined || hostPort === 0
        ? []
        : [{ port: hostPort, ip: hostIP ?? ANY_IP, protocol: protocol ?? "TCP" }],
    );

/** What the node is to send on to the pod. pkg/kubelet/container/helpers.go, 1.34: MakePortMappings. The simulated network carries TCP alone. */
export const portMappings = ({ spec }: Pod): readonly PortMapping[] =>
  [...initContainersOf(spec).filter(isSidecar), ...spec.containers]
    .flatMap((container) => container.ports ?? [])
    .flatMap(({ hostPort = 0, hostIP = "", containerPort, protocol = "TCP" }) =>
      hostPort === 0 || protocol !== "TCP" ? [] : [{ hostIp: hostIP, hostPort, containerPort }],
    );

const isSamePort = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port &&
  a.protocol === b.protocol &&
  (a.ip === b.ip || a.ip === ANY_IP || b.ip === ANY_IP);
