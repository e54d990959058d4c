import type { Node } from "../api/index.js";
import { ageOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN, wideColumn } from "./table.js";
import type { KindPrinter } from "./table.js";

const ROLE_PREFIX = "node-role.kubernetes.io/";
const ROLE_LABEL = "kubernetes.io/role";

/** Source: kubernetes pkg/printers/internalversion/printers.go printNode, 1.34. */
export const nodePrinter: KindPrinter<Node> = {
  columns: [
    NAME_COLUMN,
    column("Status", "Whether the node is ready and takes pods."),
    column("Roles", "Roles that labels give the node."),
    AGE_COLUMN,
    column("Version", "Version of the node's kubelet."),
    wideColumn("Internal-IP", "Address within the cluster."),
    wideColumn("External-IP", "Address from outside."),
    wideColumn("OS-Image", "Operating system of the node."),
    wideColumn("Kernel-Version", "Kernel of the node."),
    wideColumn("Container-Runtime", "Container runtime and its version."),
  ],
  cells: (node, nowMs) => {
    const info = node.status.nodeInfo;
    return [
      node.metadata.name,
      formatStatus(node),
      rolesOf(node).join(",") || "<none>",
      ageOf(node, nowMs),
      info?.kubeletVersion ?? "",
      addressOf(node, "InternalIP"),
      addressOf(node, "ExternalIP"),
      info?.osImage || "<unknown>",
      info?.kernelVersion || "<unknown>",
      info?.containerRuntimeVersion || "<unknown>",
    ];
  },
};

function formatStatus(node: Node): string {
  const ready = node.status.conditions?.findLast(({ type }) => type === "Ready");
  const status = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return node.spec.unschedulable === true ? `${status},SchedulingDisabled` : status;
}

function rolesOf(node: Node): string[] {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    const role = key.startsWith(ROLE_PREFIX) ? key.slice(ROLE_PREFIX.length) : "";
    roles.add(key === ROLE_LABEL ? value : role);
  }
  roles.delete("");
  return [...roles].sort();
}

function addressOf(node: Node, type: string): string {
  return node.status.addresses?.find((address) => address.type === type)?.address ?? "<none>";
}
