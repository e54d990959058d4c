import type { Service, ServicePort } from "../../api/index.js";
import type { Engine } from "../../engine/index.js";
import type { ClusterNetwork, Route, RouteSource } from "../../runtime/index.js";
import { MAX_AFFINITY_CLIENTS } from "../limits.js";
import { isNodeIp } from "../machine-object.js";
import { hasAddress, keyOf, type ServiceCaches, type SliceEndpoint } from "./service-caches.js";

/** kubeadm's default serviceSubnet, 10.96.0.0/12. */
const isServiceIp = (host: string): boolean => {
  const match = /^10\.(\d+)\./.exec(host);
  return match !== null && Number(match[1]) >> 4 === 6;
};
/** pkg/apis/core/v1/defaults.go, 1.34: DefaultClientIPServiceAffinitySeconds. */
const AFFINITY_SECONDS = 10_800;

interface Frontend {
  readonly service: Service;
  readonly port: ServicePort;
}

interface Backend {
  readonly host: string;
  readonly port: number;
  readonly endpoint: SliceEndpoint;
}

interface Affinity {
  readonly host: string;
  readonly untilMs: number;
}

/**
 * What kube-proxy's rules do on every node (pkg/proxy/iptables/proxier.go, 1.34): connections to a Service's address go to one of its endpoints,
 * drawn at random. Nothing happens here until somebody connects.
 */
export class ServiceProxy {
  /** By `address:port`, or by `:port` for a port of every node. */
  readonly #frontends = new Map<string, Frontend>();
  readonly #affinities = new Map<string, Map<string, Affinity>>();

  constructor(
    private readonly engine: Engine,
    private readonly network: ClusterNetwork,
    private readonly caches: ServiceCaches,
  ) {
    caches.services.addHandlers({
      onAdd: (service) => {
        this.#put(service);
      },
      onUpdate: (service, previous) => {
        this.#drop(previous);
        this.#put(service);
      },
      onDelete: (service) => {
        this.#drop(service);
        for (const key of this.#affinities.keys())
          if (key.startsWith(`${keyOf(service)}:`)) this.#affinities.delete(key);
      },
    });
    network.router = (host, port, from) => this.#route(host, port, from);
  }

  #put(service: Service): void {
    for (const [address, frontend] of frontendsOf(service)) this.#frontends.set(address, frontend);
  }

  #drop(service: Service): void {
    for (const [address] of frontendsOf(service)) this.#frontends.delete(address);
  }

  #route(host: string, port: number, from: RouteSource): Route | null {
    const frontend = this.#frontends.get(`${host}:${port}`);
    if (frontend !== undefined) {
      const isInternal = frontend.service.spec.clusterIP === host;
      const onlyOn =
        isInternal && frontend.service.spec.internalTrafficPolicy === "Local"
          ? from.nodeName
          : null;
      return this.#choose(frontend, from, onlyOn);
    }
    // Packets to what no rule matches leave the cluster, and are lost.
    if (isServiceIp(host)) return { to: "void" };
    const nodePort = isNodeIp(host) ? this.#frontends.get(`:${port}`) : undefined;
    const node = nodePort === undefined ? null : this.network.at(host);
    if (nodePort === undefined || node === null) return null;
    // A node sends its own pods' connections anywhere: that traffic never was external.
    const isLocal =
      nodePort.service.spec.externalTrafficPolicy === "Local" && node.nodeName !== from.nodeName;
    return this.#choose(nodePort, from, isLocal ? node.nodeName : null);
  }

  /** pkg/proxy/topology.go CategorizeEndpoints, 1.34. @param onlyOn the node whose endpoints alone will do, or null */
  #choose(frontend: Frontend, { address }: RouteSource, onlyOn: string | null): Route {
    const all = usable(this.#backends(frontend));
    if (all.length === 0) return { to: "nowhere" };
    const allowed =
      onlyOn === null ? all : all.filter(({ endpoint }) => endpoint.nodeName === onlyOn);
    if (allowed.length === 0) return { to: "void" };
    const kept = this.#sticky(frontend, address, allowed);
    const chosen = kept ?? allowed[this.engine.random("kube-proxy").below(allowed.length)];
    if (chosen === undefined) throw new Error("a random choice is one of what there is");
    this.#stick(frontend, address, chosen);
    return { to: "address", host: chosen.host, port: chosen.port };
  }

  #backends({ service, port: { name = "", protocol = "TCP" } }: Frontend): readonly Backend[] {
    return this.caches.slicesOf(service).flatMap(({ ports = [], endpoints = [] }) => {
      const port = ports.find(
        (each) => (each.name ?? "") === name && (each.protocol ?? "TCP") === protocol,
      )?.port;
      if (port === undefined) return [];
      return endpoints.flatMap((endpoint) => {
        const [host] = endpoint.addresses;
        return host === undefined ? [] : [{ host, port, endpoint }];
      });
    });
  }

  #sticky(frontend: Frontend, client: string, allowed: readonly Backend[]): Backend | undefined {
    if (frontend.service.spec.sessionAffinity !== "ClientIP") return undefined;
    const affinity = this.#affinities.get(affinityKey(frontend))?.get(client);
    if (affinity === undefined || affinity.untilMs <= this.engine.nowMs) return undefined;
    return allowed.find(({ host }) => host === affinity.host);
  }

  #stick(frontend: Frontend, client: string, { host }: Backend): void {
    const { sessionAffinity, sessionAffinityConfig } = frontend.service.spec;
    if (sessionAffinity !== "ClientIP") return;
    const key = affinityKey(frontend);
    const clients = this.#affinities.get(key) ?? new Map<string, Affinity>();
    this.#affinities.set(key, clients);
    const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds ?? AFFINITY_SECONDS;
    // The latest comes last, so the first is the one to let go.
    clients.delete(client);
    clients.set(client, { host, untilMs: this.engine.nowMs + seconds * 1000 });
    const [oldest] = clients.keys();
    if (clients.size > MAX_AFFINITY_CLIENTS && oldest !== undefined) clients.delete(oldest);
  }
}

const affinityKey = ({ service, port }: Frontend): string => `${keyOf(service)}:${port.port}`;

/** Those that are ready; without any, those that go but still serve. */
const usable = (backends: readonly Backend[]): readonly Backend[] => {
  const ready = backends.filter(({ endpoint }) => endpoint.conditions?.ready !== false);
  if (ready.length > 0) return ready;
  return backends.filter(
    ({ endpoint: { conditions } }) =>
      conditions?.serving === true && conditions.terminating === true,
  );
};

/** The simulated network carries TCP alone. */
const frontendsOf = (service: Service): readonly (readonly [string, Frontend])[] => {
  const { spec, status } = service;
  if (!hasAddress(spec)) return [];
  const balancers = (status.loadBalancer?.ingress ?? []).map(({ ip }) => ip ?? "");
  const addresses = [
    ...(spec.clusterIPs ?? []),
    ...(spec.externalIPs ?? []),
    ...balancers.filter((ip) => ip !== ""),
  ];
  return (spec.ports ?? [])
    .filter(({ protocol = "TCP" }) => protocol === "TCP")
    .flatMap((port) => {
      const { nodePort = 0 } = port;
      const hosts = addresses.map((address) => `${address}:${port.port}`);
      return [...hosts, ...(nodePort === 0 ? [] : [`:${nodePort}`])].map(
        (address) => [address, { service, port }] as const,
      );
    });
};
