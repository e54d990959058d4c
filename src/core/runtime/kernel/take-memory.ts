import type { Process } from "./process.js";
import { killForMemory, relieveMachine, relieveSimulator } from "./lifecycle.js";

/**
 * Gives memory to a process (or takes it back, when negative). Past the container's limit the container is killed; past what the machine has, the
 * container that is worst.
 * @param heldBytes of it, what the simulator really holds for the program
 */
export const takeMemory = (process: Process, bytes: number, heldBytes: number): void => {
  const { confinement, kernel } = process;
  process.memoryBytes += bytes;
  process.allocatedBytes += heldBytes;
  switch (confinement.memory.charge(bytes, heldBytes)) {
    case "fine":
      return;
    case "over-limit":
      killForMemory(confinement);
      return;
    case "over-machine":
      relieveMachine(kernel);
      return;
    case "over-simulator":
      relieveSimulator(kernel);
  }
};
