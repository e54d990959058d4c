import { containerScript, type Container } from "../api/index.js";
import type { Call } from "../engine/index.js";
import type { ContainerConfig, Mount } from "../runtime/index.js";
import { ConfigError } from "./config-reader.js";
import { containerSecurity, nonRootViolation } from "./container-security.js";
import { containerEnvironment } from "./environment.js";
import { expand } from "./expansion.js";
import type { KubeletContext } from "./kubelet-context.js";
import type { PodHandle } from "./pod-handle.js";
import { containerLogDirectory } from "./pod-paths.js";
import type { PodContainer } from "./pod-spec.js";
import { oomScoreAdjust } from "./oom-score.js";
import { containerLimits } from "./resources.js";

export interface ContainerConfigInput {
  readonly handle: PodHandle;
  readonly target: PodContainer;
  readonly attempt: number;
  readonly podIps: readonly string[];
  readonly allocatable: Readonly<Record<string, string>>;
  readonly targetContainerId: string | null;
  mountsOf(container: Container, env: ReadonlyMap<string, string>): readonly Mount[];
}

/**
 * What the runtime is to make a container from. Throws ConfigError: the container waits with CreateContainerConfigError.
 * pkg/kubelet/kuberuntime/kuberuntime_container.go, 1.34: generateContainerConfig.
 */
export function* containerConfig(
  context: KubeletContext,
  input: ContainerConfigInput,
): Call<ContainerConfig> {
  const { handle, attempt } = input;
  const { container } = input.target;
  const { pod } = handle;
  const image = container.image ?? "";
  const env = yield* containerEnvironment(context, { ...input, container });
  const mounts = input.mountsOf(container, env);
  const violation = nonRootViolation(pod, container, context.runtime.images.imageStatus(image));
  if (violation !== null) throw new ConfigError(violation);
  const expanded = (words: readonly string[] | undefined): string[] =>
    (words ?? []).map((word) => expand(word, (name) => env.get(name)));
  return {
    name: container.name,
    attempt,
    image,
    command: expanded(container.command),
    args: expanded(container.args),
    workingDir: container.workingDir ?? null,
    env: [...env].map(([name, value]) => ({ name, value })),
    mounts,
    limits: containerLimits(container),
    oomScoreAdjust: oomScoreAdjust(pod, container, context.runtime.nodeStats().memoryCapacityBytes),
    security: containerSecurity(pod, container),
    stdin: container.stdin === true,
    stdinOnce: container.stdinOnce === true,
    tty: container.tty === true,
    terminationMessagePath: container.terminationMessagePath ?? "/dev/termination-log",
    targetContainerId: input.targetContainerId,
    logPath: `${containerLogDirectory(pod.metadata, container.name)}/${String(attempt)}.log`,
    script: containerScript(pod.metadata.annotations, container.name),
  };
}
