import {
  asInteger,
  asMilli,
  divideRoundingUp,
  parseQuantity,
  quantityFromInteger,
  type Container,
  type Quantity,
} from "../api/index.js";
import type { ContainerLimits } from "../runtime/index.js";

const quantityOf = (list: Record<string, string> | undefined, name: string): Quantity | null => {
  const text = list?.[name];
  return text === undefined ? null : parseQuantity(text);
};

/** What the runtime is told of a container's resources. A limit without request requests as much. */
export function containerLimits(container: Container): ContainerLimits {
  const { requests, limits } = container.resources ?? {};
  const cpuLimit = quantityOf(limits, "cpu");
  const memoryLimit = quantityOf(limits, "memory");
  const cpuRequest = quantityOf(requests, "cpu") ?? cpuLimit;
  const memoryRequest = quantityOf(requests, "memory") ?? memoryLimit;
  return {
    cpuRequestMilli: cpuRequest === null ? 0 : asMilli(cpuRequest),
    cpuLimitMilli: cpuLimit === null ? null : asMilli(cpuLimit),
    memoryRequestBytes: memoryRequest === null ? 0 : asInteger(memoryRequest),
    memoryLimitBytes: memoryLimit === null ? null : asInteger(memoryLimit),
  };
}

/**
 * The value of a resourceFieldRef, rounded up to whole divisors; a limit that is not set is what the node can give.
 * pkg/api/v1/resource/helpers.go, 1.34: ExtractContainerResourceValue.
 */
export function resourceFieldValue(
  resource: string,
  divisor: string | undefined,
  container: Container,
  allocatable: Readonly<Record<string, string>>,
): string | null {
  const [list, name] = splitOnce(resource);
  if (list !== "limits" && list !== "requests") return null;
  const isKnown = KNOWN_RESOURCES.has(name) || name.startsWith("hugepages-");
  if (!isKnown) return null;
  const { requests, limits } = container.resources ?? {};
  const limit = quantityOf(limits, name) ?? quantityOf(allocatable, name);
  const quantity =
    list === "limits" ? limit : (quantityOf(requests, name) ?? quantityOf(limits, name));
  const by =
    divisor === undefined || divisor === "0" ? quantityFromInteger(1) : parseQuantity(divisor);
  return divideRoundingUp(quantity ?? quantityFromInteger(0), by);
}

const KNOWN_RESOURCES: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);

const splitOnce = (resource: string): readonly [string, string] => {
  const dot = resource.indexOf(".");
  return dot < 0 ? [resource, ""] : [resource.slice(0, dot), resource.slice(dot + 1)];
};
