import type { Cause } from "../api/index.js";
import type { PodHandle } from "./pod-handle.js";
import { initContainersOf, type PodContainer } from "./pod-spec.js";

/** Why a container is started: it is its turn, or it has ended and comes again. */
export function startCause(handle: PodHandle, target: PodContainer): Cause {
  const { name } = target.container;
  const before = handle.transitions.stateOf(name);
  // One that was killed in this very sync may not be on record as terminated yet.
  const hasRun = before !== null && (before.state !== "waiting" || isAfterRun(before.reason));
  if (target.kind === "ephemeral") {
    return { reason: "EphemeralContainerAdded", message: `ephemeral container ${name} was added` };
  }
  // Without a cursor it points at the container's own last record.
  if (hasRun) return { reason: "ContainerRestarted", message: `restart of container ${name}` };
  const after = predecessorOf(handle, target);
  if (after === null) return { reason: "PodStarted", message: `container ${name} is first` };
  const isRunning = handle.transitions.stateOf(after)?.state === "running";
  return caused(
    handle,
    after,
    isRunning ? "SidecarStarted" : "InitContainerCompleted",
    isRunning ? `sidecar ${after} has started` : `init container ${after} has completed`,
  );
}

/** It ran or tried to, and waits to do so again. */
const isAfterRun = (reason: string | undefined): boolean =>
  reason === "CrashLoopBackOff" || reason === "PostStartHookError";

const caused = (handle: PodHandle, container: string, reason: string, message: string): Cause => {
  const cursor = handle.transitions.cursorOf(container);
  return { reason, message, ...(cursor === undefined ? {} : { cursor }) };
};

/** The init container or sidecar that a container waited for; null when there is none. */
function predecessorOf(handle: PodHandle, target: PodContainer): string | null {
  const init = initContainersOf(handle.pod.spec);
  const at =
    target.kind === "app"
      ? init.length
      : init.findIndex(({ name }) => name === target.container.name);
  return init[at - 1]?.name ?? null;
}
