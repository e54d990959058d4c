import { badRequest, type KubeObject } from "../../core/api/index.js";
import type { Command, Outcome, SessionOutput } from "../../core/cluster/index.js";
import { Engine } from "../../core/engine/index.js";
import type { JournalBatch, JournalEntry, JournalSnapshot } from "../../core/store/index.js";
import { aProbe, anObject, aRevision } from "../../persistence/testing/entries.js";
import type { SimulatedCluster } from "../cluster-port.js";

/**
 * A cluster of nothing but an engine and entries. `add-nodes` commits one ConfigMap a node; a node called `late-<ms>` also commits a probe record
 * that much later; `remove-node` is refused; it breaks when it is called
 * `broken`, and only after it has committed something when it is called `half-done`.
 */
export class StandInCluster implements SimulatedCluster {
  readonly engine: Engine;
  readonly objects: KubeObject[];
  /** Given at the next taking. */
  sessionOutputs: SessionOutput[] = [];
  #outbox: JournalEntry[] = [];
  #lastSequence: number;

  constructor(startMs: number, snapshot?: JournalSnapshot) {
    this.engine = new Engine({ seed: 1, startMs });
    this.objects = [...(snapshot?.objects ?? [])];
    this.#lastSequence = snapshot?.lastSequence ?? 0;
  }

  execute(command: Command): Outcome {
    if (command.type === "remove-node") {
      if (command.name === "half-done") this.commitObject(command.name);
      if (["broken", "half-done"].includes(command.name))
        throw new Error("an invariant does not hold");
      return { ok: false, status: badRequest("no").status };
    }
    if (command.type !== "add-nodes") return { ok: true, nodes: [String(this.#lastSequence)] };
    for (const { name } of command.nodes) {
      this.commitObject(name);
      const delay = /^late-(\d+)$/.exec(name)?.[1];
      if (delay !== undefined) this.engine.after(Number(delay), () => this.commitProbe(name));
    }
    return { ok: true, nodes: command.nodes.map(({ name }) => name) };
  }

  takeBatch(): JournalBatch {
    const entries = this.#outbox;
    this.#outbox = [];
    return { entries, lastSequence: this.#lastSequence, timeMs: this.engine.nowMs };
  }

  takeSessionOutputs(): readonly SessionOutput[] {
    const outputs = this.sessionOutputs;
    this.sessionOutputs = [];
    return outputs;
  }

  commitObject(name: string): void {
    const object = anObject("ConfigMap", name, this.#nextSequence());
    this.objects.push(object);
    this.#outbox.push(aRevision("ADDED", object, null, this.engine.nowMs));
  }

  commitProbe(pod: string): void {
    this.#outbox.push({ ...aProbe(this.#nextSequence(), pod), timeMs: this.engine.nowMs });
  }

  /** Commits a probe record every `periodMs`, as a probed pod does. */
  probeEvery(periodMs: number, pod = "periodic"): void {
    this.engine.after(periodMs, () => {
      this.commitProbe(pod);
      this.probeEvery(periodMs, pod);
    });
  }

  #nextSequence(): number {
    this.#lastSequence += 1;
    return this.#lastSequence;
  }
}

export const addNodes = (...names: string[]): Command => ({
  type: "add-nodes",
  nodes: names.map((name) => ({ name, capacity: {}, labels: {}, taints: [] })),
});
