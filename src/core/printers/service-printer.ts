import type { Service } from "../api/index.js";
import { ageOf, formatLabels } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN, wideColumn } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printService, 1.34. */
export const servicePrinter: KindPrinter<Service> = {
  columns: [
    NAME_COLUMN,
    column("Type", "How the service is reached."),
    column("Cluster-IP", "Address within the cluster."),
    column("External-IP", "Addresses from outside."),
    column("Port(s)", "Ports, with those on every node."),
    AGE_COLUMN,
    wideColumn("Selector", "Labels of the pods behind the service."),
  ],
  cells: (service, nowMs) => [
    service.metadata.name,
    service.spec.type ?? "",
    (service.spec.clusterIPs?.[0] ?? service.spec.clusterIP) || "<none>",
    externalAddresses(service),
    formatPorts(service) || "<none>",
    ageOf(service, nowMs),
    formatLabels(service.spec.selector),
  ],
};

function externalAddresses(service: Service): string {
  const addresses = service.spec.externalIPs ?? [];
  switch (service.spec.type) {
    case "ClusterIP":
    case "NodePort":
      return addresses.join(",") || "<none>";
    case "LoadBalancer":
      return [...balancerAddresses(service), ...addresses].join(",") || "<pending>";
    case "ExternalName":
      return service.spec.externalName ?? "";
    default:
      return "<unknown>";
  }
}

function balancerAddresses(service: Service): string[] {
  const ingress = service.status.loadBalancer?.ingress ?? [];
  const addresses = new Set(ingress.map(({ ip, hostname }) => ip || (hostname ?? "")));
  addresses.delete("");
  return [...addresses].sort();
}

function formatPorts(service: Service): string {
  return (service.spec.ports ?? [])
    .map(({ port, nodePort, protocol }) => {
      const onNode = nodePort === undefined || nodePort === 0 ? "" : `:${nodePort}`;
      return `${port}${onNode}/${protocol ?? ""}`;
    })
    .join(",");
}
