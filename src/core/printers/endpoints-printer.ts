import type { Endpoints, EndpointSubset } from "../api/index.js";
import { ageOf, firstOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printEndpoints, 1.34. */
export const endpointsPrinter: KindPrinter<Endpoints> = {
  columns: [NAME_COLUMN, column("Endpoints", "Ready addresses with their ports."), AGE_COLUMN],
  cells: (endpoints, nowMs) => [
    endpoints.metadata.name,
    formatSubsets(endpoints.subsets ?? []),
    ageOf(endpoints, nowMs),
  ],
};

function formatSubsets(subsets: readonly EndpointSubset[]): string {
  return subsets.length === 0 ? "<none>" : firstOf(subsets.flatMap(addressesOf), "");
}

/** A subset without ports is a headless service's. */
function addressesOf({ addresses = [], ports = [] }: EndpointSubset): string[] {
  const ips = addresses.map(({ ip }) => ip);
  return ports.length === 0
    ? ips
    : ports.flatMap(({ port }) => ips.map((ip) => hostPort(ip, port)));
}

function hostPort(ip: string, port: number): string {
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}
