import type { Pod } from "../api/index.js";
import type { PodSandboxConfig } from "../runtime/index.js";
import { portMappings } from "./host-ports.js";
import { kernelHostname } from "./hosts-file.js";
import { podReference } from "./kubelet-context.js";
import { podDns } from "./pod-dns.js";
import type { SyncParts } from "./sync-parts.js";

/**
 * What the runtime is to make a sandbox from. Throws ConfigError: FailedCreatePodSandBox. pkg/kubelet/kuberuntime/kuberuntime_sandbox.go, 1.34:
 * generatePodSandboxConfig.
 */
export function sandboxConfig(parts: SyncParts, pod: Pod, attempt: number): PodSandboxConfig {
  const { spec, metadata } = pod;
  const { clusterDomain, clusterDns, context } = parts;
  const nodeResolvConf = context.runtime.files.readText("/etc/resolv.conf") ?? "";
  const { settings, problems } = podDns(pod, { clusterDns, clusterDomain, nodeResolvConf });
  for (const problem of problems) {
    context.events.emit(podReference(pod), "Warning", "DNSConfigForming", problem);
  }
  const sysctls: Record<string, string> = {};
  for (const { name, value } of spec.securityContext?.sysctls ?? []) sysctls[name] = value;
  const userNamespace = spec.hostUsers === false ? parts.userNamespaces.of(metadata.uid) : null;
  const ports = spec.hostNetwork === true ? [] : portMappings(pod);
  return {
    podUid: metadata.uid,
    namespace: metadata.namespace,
    name: metadata.name,
    attempt,
    hostname: kernelHostname(pod, clusterDomain),
    hostNetwork: spec.hostNetwork === true,
    hostPid: spec.hostPID === true,
    hostIpc: spec.hostIPC === true,
    shareProcessNamespace: spec.shareProcessNamespace === true,
    sysctls,
    annotations: metadata.annotations ?? {},
    dns: settings,
    ...(ports.length === 0 ? {} : { portMappings: ports }),
    ...(userNamespace === null ? {} : { userNamespace }),
  };
}
