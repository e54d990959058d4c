import type { EndpointSlice } from "../api/index.js";
import { ageOf, firstOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printEndpointSlice, 1.34. */
export const endpointSlicePrinter: KindPrinter<EndpointSlice> = {
  columns: [
    NAME_COLUMN,
    column("AddressType", "Kind of the addresses."),
    column("Ports", "Ports of every endpoint."),
    column("Endpoints", "Addresses of the endpoints."),
    AGE_COLUMN,
  ],
  cells: (slice, nowMs) => {
    const ports = (slice.ports ?? []).map(({ port, name }) => String(port ?? name ?? "*"));
    const addresses = (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses);
    return [
      slice.metadata.name,
      slice.addressType,
      firstOf(ports, "<unset>"),
      firstOf(addresses, "<unset>"),
      ageOf(slice, nowMs),
    ];
  },
};
