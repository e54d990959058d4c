import type { Service } from "../api/index.js";

/**
 * The variables that tell containers where the services are (NS-6): those of the pod's namespace, if it wants links, and always those of
 * the API's own service. pkg/kubelet/envvars/envvars.go and kubelet_pods.go, 1.34: getServiceEnvVarMap.
 */
export function serviceEnvironment(
  services: readonly Service[],
  namespace: string,
  wantsLinks: boolean,
): Map<string, string> {
  const env = new Map<string, string>();
  for (const service of services) {
    const { clusterIP } = service.spec;
    if (clusterIP === undefined || clusterIP === "" || clusterIP === "None") continue;
    const isApi =
      service.metadata.namespace === "default" && service.metadata.name === "kubernetes";
    const isLinked = wantsLinks && service.metadata.namespace === namespace;
    if (isApi || isLinked) addService(env, service, clusterIP);
  }
  return env;
}

const variableName = (name: string): string => name.replaceAll("-", "_").toUpperCase();

function addService(env: Map<string, string>, service: Service, clusterIp: string): void {
  const prefix = variableName(service.metadata.name);
  const ports = service.spec.ports ?? [];
  env.set(`${prefix}_SERVICE_HOST`, clusterIp);
  ports.forEach(({ name, port, protocol }, index) => {
    const text = String(port);
    if (index === 0) env.set(`${prefix}_SERVICE_PORT`, text);
    if (name !== undefined && name !== "") {
      env.set(`${prefix}_SERVICE_PORT_${variableName(name)}`, text);
    }
    const upper = (protocol ?? "TCP").toUpperCase();
    const url = `${upper.toLowerCase()}://${clusterIp}:${text}`;
    if (index === 0) env.set(`${prefix}_PORT`, url);
    const link = `${prefix}_PORT_${text}_${upper}`;
    env.set(link, url);
    env.set(`${link}_PROTO`, upper.toLowerCase());
    env.set(`${link}_PORT`, text);
    env.set(`${link}_ADDR`, clusterIp);
  });
}
