import type { Client } from "../../client/index.js";
import type { Engine } from "../../engine/index.js";
import type { ClusterNetwork } from "../../runtime/index.js";
import { isNodeIp } from "../machine-object.js";
import { ClusterDns, DNS_ADDRESS } from "./cluster-dns.js";
import { ServiceCaches } from "./service-caches.js";
import { ServiceProxy } from "./service-proxy.js";

/** Gives the simulated network its Services and its names. @param client sees services, slices and namespaces, and writes nothing */
export const startServiceNetwork = (
  engine: Engine,
  network: ClusterNetwork,
  client: Client,
): void => {
  const caches = new ServiceCaches(client);
  new ServiceProxy(engine, network, caches);
  const dns = new ClusterDns(caches);
  network.dns = (name, type, server) => {
    if (server === DNS_ADDRESS) return dns.answer(name, type);
    // Machines have a resolver of their own, which knows nothing of the cluster.
    return isNodeIp(server) ? { kind: "no-such-name" } : { kind: "silence" };
  };
  caches.start();
};
