import { WorkBudget } from "./kernel/cpu.js";
import { HeldMemory } from "./kernel/memory.js";

/** What all machines that one engine drives share, so that the simulator itself stays within bounds. */
export class ClusterBounds {
  readonly work = new WorkBudget();
  readonly held = new HeldMemory();
}
