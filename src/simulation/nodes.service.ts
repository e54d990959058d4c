import { Inject, Injectable } from "@nestjs/common";
import {
  resourceByStorage,
  StatusError,
  type FailureStatus,
  type Node,
} from "../core/api/index.js";
import type { Command, NodeTemplate, Outcome } from "../core/cluster/index.js";
import type { AddNodesRequest, MachineView, NodeAction, NodeView } from "./node-messages.js";
import { nextNodeNames } from "./node-names.js";
import { SimulationService } from "./simulation.service.js";

/** Machines as the simulator API shows them. Refusals are thrown as StatusErrors. */
@Injectable()
export class NodesService {
  constructor(@Inject(SimulationService) private readonly simulation: SimulationService) {}

  async list(): Promise<NodeView[]> {
    const outcome = await this.#execute({
      type: "api",
      request: { verb: "list", resource: resourceByStorage("nodes"), namespace: "", options: {} },
    });
    if (!("response" in outcome)) throw new Error("a list was not answered with a response");
    const { items } = outcome.response.body as unknown as { readonly items: readonly Node[] };
    return items.map(viewOf);
  }

  async add(request: AddNodesRequest): Promise<readonly string[]> {
    const taken = new Set((await this.list()).map(({ name }) => name));
    const template: Omit<NodeTemplate, "name"> = {
      capacity: request.capacity ?? {},
      labels: request.labels ?? {},
      taints: (request.taints ?? []).map(({ key, value, effect }) =>
        value === undefined ? { key, effect } : { key, value, effect },
      ),
    };
    const names = nextNodeNames(taken, request.name, request.count);
    const nodes = names.map((name) => ({ name, ...template }));
    return this.#names({ type: "add-nodes", nodes });
  }

  async remove(name: string): Promise<readonly string[]> {
    return this.#names({ type: "remove-node", name });
  }

  /** Takes a machine down, cuts it off, or brings it back. */
  async act(name: string, action: NodeAction): Promise<MachineView> {
    const outcome = await this.#execute({ type: "act-on-node", name, action });
    if (!("machine" in outcome)) throw new Error("an action was not answered with the machine");
    return outcome.machine;
  }

  async #names(command: Command): Promise<readonly string[]> {
    const outcome = await this.#execute(command);
    if (!("nodes" in outcome)) throw new Error("a change of nodes was not answered with names");
    return outcome.nodes;
  }

  async #execute(command: Command): Promise<Extract<Outcome, { ok: true }>> {
    const outcome = await this.simulation.execute(command);
    if (outcome.ok) return outcome;
    throw new StatusError(outcome.status as unknown as FailureStatus);
  }
}

const viewOf = (node: Node): NodeView => {
  const { metadata, spec, status } = node;
  return {
    name: metadata.name,
    ready: status.conditions?.find(({ type }) => type === "Ready")?.status === "True",
    unschedulable: spec.unschedulable === true,
    internalIP: status.addresses?.find(({ type }) => type === "InternalIP")?.address ?? null,
    podCIDR: spec.podCIDR ?? null,
    created: metadata.creationTimestamp,
    capacity: { ...status.capacity },
    allocatable: { ...status.allocatable },
    labels: { ...metadata.labels },
    taints: (spec.taints ?? []).map(({ key, value, effect }) => ({
      key,
      ...(value === undefined ? {} : { value }),
      effect: effect as NodeView["taints"][number]["effect"],
    })),
  };
};
