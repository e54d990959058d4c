import type { Cause, ContainerStateSummary, ContainerStatus, PodStatus } from "../api/index.js";
import type { RuntimeContainerStatus } from "../runtime/index.js";
import type { PodHandle } from "./pod-handle.js";
import { latestInstance, type PodRuntimeStatus } from "./pod-runtime-status.js";
import { containersOf, findContainer, type PodContainer } from "./pod-spec.js";
import { allContainerStatuses, stateOf } from "./status/container-status.js";
import { summaryOf } from "./transition-recorder.js";

/** Sees to it that each change of a container's state is on record the moment it happens, whatever the API comes to show of it. */
export class ContainerObserver {
  /** Takes up where an earlier life of the node left off: the states that the API shows are no news, what became of them is. */
  resume(handle: PodHandle): void {
    for (const entry of allContainerStatuses(handle.pod.status)) {
      const state = summaryOf(entry.state);
      if (state === null) continue;
      handle.transitions.assume(entry.name, state);
      const id = instanceId(entry.containerID);
      handle.seenInstances.set(id, state.state === "running" ? "running" : "exited");
      if (state.state !== "running") continue;
      const message = `container ${entry.name} was lost when the node was restarted`;
      handle.transitions.expect(entry.name, { reason: "NodeRestarted", message });
    }
  }

  /** Takes up where an earlier kubelet on a machine that went on running left off. */
  takeOver(handle: PodHandle): void {
    for (const entry of allContainerStatuses(handle.pod.status)) {
      const state = summaryOf(entry.state);
      if (state === null) continue;
      handle.transitions.assume(entry.name, state);
      const known = state.state === "running" ? "running" : "exited";
      handle.seenInstances.set(instanceId(entry.containerID), known);
      handle.seenInstances.set(instanceId(entry.lastState?.terminated?.containerID), "exited");
    }
  }

  /** An instance was started or has ended. Told late or twice, it is still recorded in order and once. */
  observeInstance(handle: PodHandle, instance: RuntimeContainerStatus): void {
    const seen = handle.seenInstances.get(instance.id);
    if (seen === instance.state || instance.state === "created") return;
    const target = findContainer(handle.pod.spec, instance.name);
    if (target === null) return;
    // A run that was over before anyone looked was a run all the same; one that could not be started was none.
    if (seen === undefined && instance.reason !== "StartError") {
      this.#record(handle, target, { state: "running" }, instance.attempt);
    }
    handle.seenInstances.set(instance.id, instance.state);
    const to = summaryOf(stateOf(instance));
    if (instance.state === "exited" && to !== null) {
      this.#record(handle, target, to, instance.attempt);
    }
  }

  /** A start failed or is put off: the container waits, with the reason. */
  observe(handle: PodHandle, target: PodContainer): void {
    const { name } = target.container;
    const latest = latestInstance(handle.runtimeStatus(), name);
    if (latest !== null) this.observeInstance(handle, latest);
    const failure = handle.startFailures.get(name);
    if (failure === undefined) return;
    const to: ContainerStateSummary = { state: "waiting", reason: failure.reason };
    this.#record(handle, target, to, latest?.attempt ?? 0, failure);
  }

  /** What the status shows and nothing else has told: the first states, and containers that were found gone. */
  observeAll(handle: PodHandle, status: PodStatus, runtime: PodRuntimeStatus): void {
    // Oldest first, as they ran.
    for (let index = runtime.containers.length - 1; index >= 0; index -= 1) {
      const instance = runtime.containers[index];
      if (instance !== undefined) this.observeInstance(handle, instance);
    }
    for (const target of containersOf(handle.pod.spec)) {
      const entry = findStatus(status, target.container.name);
      const to = summaryOf(entry?.state);
      const seen = handle.transitions.stateOf(target.container.name);
      if (entry === undefined || to === null) continue;
      // Created and not started yet, or started before the status came round: nothing new.
      if (to.state === "waiting" && (to.reason === undefined || seen !== null)) continue;
      // An end that is on record, and shows again because the container is not to be restarted after all.
      const ended = instanceId(entry.state?.terminated?.containerID);
      if (to.state === "terminated" && handle.seenInstances.get(ended) === "exited") continue;
      this.#record(handle, target, to, entry.restartCount);
    }
  }

  #record(
    handle: PodHandle,
    target: PodContainer,
    to: ContainerStateSummary,
    restartCount: number,
    failure?: { readonly reason: string; readonly message: string },
  ): void {
    const { name } = target.container;
    const isRunning = to.state === "running";
    handle.transitions.observe(handle.pod, {
      container: name,
      kind: target.kind,
      to,
      restartCount,
      ready: readyWhen(target, to),
      started: isRunning && target.container.startupProbe === undefined,
      cause: causeOf(name, to, failure),
    });
  }
}

const findStatus = (status: PodStatus, name: string): ContainerStatus | undefined =>
  allContainerStatuses(status).find((entry) => entry.name === name);

const instanceId = (containerId: string | undefined): string =>
  (containerId ?? "").replace(/^.*:\/\//, "");

/** Ready at the moment of the change, before any probe is heard. */
function readyWhen({ kind, container }: PodContainer, to: ContainerStateSummary): boolean {
  if (kind === "init") return to.state === "terminated" && to.exitCode === 0;
  if (kind === "ephemeral" || to.state !== "running") return false;
  return container.startupProbe === undefined && container.readinessProbe === undefined;
}

function causeOf(
  name: string,
  to: ContainerStateSummary,
  failure: { readonly reason: string; readonly message: string } | undefined,
): Cause {
  if (failure !== undefined) return { reason: failure.reason, message: failure.message };
  switch (to.state) {
    case "waiting":
      return { reason: "PodAccepted", message: `container ${name} waits for its turn` };
    case "running":
      return { reason: "Started", message: `container ${name} was started` };
    case "terminated":
      return {
        reason: to.reason ?? "Exited",
        message: `container ${name} exited with code ${String(to.exitCode ?? 0)}`,
      };
  }
}
