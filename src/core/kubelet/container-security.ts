import type { Container, Pod } from "../api/index.js";
import type { ContainerSecurity, ImageStatus } from "../runtime/index.js";
import { formatPod } from "./pod-spec.js";

/** The security context in effect: the container's, else the pod's. pkg/securitycontext/util.go, 1.34: DetermineEffectiveSecurityContext. */
export function containerSecurity(pod: Pod, container: Container): ContainerSecurity {
  const ofPod = pod.spec.securityContext ?? {};
  const own = container.securityContext ?? {};
  const fsGroup = ofPod.fsGroup === undefined ? [] : [ofPod.fsGroup];
  return {
    runAsUser: own.runAsUser ?? ofPod.runAsUser ?? null,
    runAsGroup: own.runAsGroup ?? ofPod.runAsGroup ?? null,
    supplementalGroups: [...fsGroup, ...(ofPod.supplementalGroups ?? [])],
    readOnlyRootFilesystem: own.readOnlyRootFilesystem === true,
    privileged: own.privileged === true,
    allowPrivilegeEscalation: own.allowPrivilegeEscalation !== false,
    addCapabilities: own.capabilities?.add ?? [],
    dropCapabilities: own.capabilities?.drop ?? [],
  };
}

/**
 * What forbids the container to run under its runAsNonRoot, or null (CRE-2).
 * pkg/kubelet/kuberuntime/security_context_others.go, 1.34: verifyRunAsNonRoot.
 */
export function nonRootViolation(
  pod: Pod,
  container: Container,
  image: ImageStatus | null,
): string | null {
  const own = container.securityContext ?? {};
  const ofPod = pod.spec.securityContext ?? {};
  if ((own.runAsNonRoot ?? ofPod.runAsNonRoot) !== true) return null;
  const where = `(pod: "${formatPod(pod)}", container: ${container.name})`;
  const user = own.runAsUser ?? ofPod.runAsUser;
  if (user !== undefined) {
    return user === 0 ? `container's runAsUser breaks non-root policy ${where}` : null;
  }
  const imageUser = image?.user ?? 0;
  if (imageUser === 0) return `container has runAsNonRoot and image will run as root ${where}`;
  return typeof imageUser === "string"
    ? `container has runAsNonRoot and image has non-numeric user (${imageUser}), cannot verify user is non-root ${where}`
    : null;
}
