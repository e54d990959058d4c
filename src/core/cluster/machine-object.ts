import { badRequest, names, tryParseQuantity, type KubeObject } from "../api/index.js";
import type { NodeTemplate } from "./commands.js";

/** Where machines are kept: beside the API's objects, so that they survive a restart, but no part of the API. */
export const MACHINE_STORAGE = "machines.peapod.sim";

/** A simulated machine: what a kubelet finds when it starts. It is there also while no Node object is. */
export interface MachineObject extends KubeObject {
  readonly spec: MachineSpec;
}

export interface MachineSpec {
  /** From 1; gives the machine its addresses. */
  readonly index: number;
  readonly capacity: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: NodeTemplate["taints"];
}

/** A mid-size virtual machine; 110 pods is the kubelet's own default (pkg/kubelet/apis/config/v1beta1/defaults.go, 1.34). */
export const DEFAULT_CAPACITY: Readonly<Record<string, string>> = {
  cpu: "8",
  memory: "32Gi",
  "ephemeral-storage": "100Gi",
  pods: "110",
};

export const machineObject = (
  template: NodeTemplate,
  index: number,
  uid: string,
  creationTimestamp: string,
): MachineObject => ({
  apiVersion: "peapod.sim/v1",
  kind: "Machine",
  metadata: { name: template.name, uid, creationTimestamp, resourceVersion: "" },
  spec: {
    index,
    capacity: { ...DEFAULT_CAPACITY, ...template.capacity },
    labels: template.labels,
    taints: template.taints,
  },
});

export const isMachine = (object: KubeObject): object is MachineObject =>
  object.kind === "Machine" && object.apiVersion === "peapod.sim/v1";

/** kind's node network, and a /24 of pod addresses for each machine. */
export const nodeIpOf = (index: number): string =>
  `172.18.${(index + 1) >> 8}.${(index + 1) & 255}`;
export const isNodeIp = (address: string): boolean => address.startsWith("172.18.");
export const podCidrOf = (index: number): string => `10.${244 + (index >> 8)}.${index & 255}.0/24`;

/** @throws StatusError BadRequest for a template that no machine can be made from. */
export const checkTemplate = (template: NodeTemplate): void => {
  const [nameProblem] = names.dns1123Subdomain(template.name);
  if (nameProblem !== undefined)
    throw badRequest(`node name ${JSON.stringify(template.name)}: ${nameProblem}`);
  for (const [name, quantity] of Object.entries(template.capacity)) {
    const parsed = tryParseQuantity(quantity);
    if (!parsed.ok)
      throw badRequest(`capacity of ${name}: ${JSON.stringify(quantity)}: ${parsed.message}`);
  }
};
