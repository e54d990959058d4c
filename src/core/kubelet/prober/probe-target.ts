import type { Container } from "../../api/index.js";

/**
 * The number of a port given as number, name, or number as text; else what is wrong with it.
 * pkg/probe/util.go, 1.34: ResolveContainerPort.
 */
export function resolvePort(port: number | string, container: Container): number | string {
  const number = typeof port === "number" ? port : portByName(port, container);
  if (typeof number === "string") return number;
  return number > 0 && number < 65_536 ? number : `invalid port number: ${String(number)}`;
}

function portByName(name: string, container: Container): number | string {
  const declared = container.ports?.find((port) => port.name === name);
  if (declared !== undefined) return declared.containerPort;
  // Maybe a number that was written as text.
  return /^[+-]?\d+$/.test(name)
    ? Number(name)
    : `strconv.Atoi: parsing ${JSON.stringify(name)}: invalid syntax`;
}
