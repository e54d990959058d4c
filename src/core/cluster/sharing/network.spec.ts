import { describe, expect, it } from "vitest";
import type { Pod } from "../../api/index.js";
import { ShellCluster } from "../testing/shell-cluster.js";

const pod = (name: string, spec: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  terminationGracePeriodSeconds: 1
${spec.replace(/^/gm, "  ")}
`;
const SLEEPER = `{ image: "busybox:1.36", command: [sleep, "1000000"]`;
const sleeper = (name: string, spec = ""): string =>
  pod(name, `containers: [${SLEEPER}, name: c }]\n${spec}`);
const shell = (name: string, script: string): string =>
  `- { name: ${name}, image: "busybox:1.36", command: [sh, -c, ${JSON.stringify(script)}] }`;

const aCluster = (...manifests: readonly string[]): ShellCluster => {
  const cluster = new ShellCluster();
  for (const manifest of manifests) expect(cluster.create(manifest)).toBeNull();
  cluster.advance(15);
  return cluster;
};
const statusOf = (cluster: ShellCluster, name: string): Pod["status"] =>
  (cluster.get("pods", name) as Pod).status;

describe("the network of a pod", () => {
  it("NET-8: one address from the node's range and one space of ports: the second on a port fails", () => {
    const cluster = aCluster(
      pod(
        "p",
        `containers:\n${shell("a", "nc -lk -p 80 -e echo one")}\n${shell("b", "sleep 1; nc -lk -p 80 -e echo two; echo code $?; sleep 1000000")}`,
      ),
    );
    expect(statusOf(cluster, "p").podIP).toMatch(/^10\.244\.[12]\.\d+$/);
    expect(cluster.log("p", "b")).toBe("nc: bind: Address already in use\ncode 1\n");
    expect(cluster.sh("p/b", "echo | nc localhost 80")).toBe("one\nexit 0");
    const addressOf = (container: string): string => cluster.sh(`p/${container}`, "hostname -i");
    expect(addressOf("a")).toBe(`${statusOf(cluster, "p").podIP ?? ""}\nexit 0`);
    expect(addressOf("b")).toBe(addressOf("a"));
  });

  it("NET-8: from outside only what listens on the pod's address is reached", () => {
    const cluster = aCluster(
      sleeper("client"),
      pod(
        "p",
        `containers:\n${shell("a", "nc -lk -s 127.0.0.1 -p 81 -e echo hidden & nc -lk -p 82 -e echo open")}\n${shell("b", "sleep 1000000")}`,
      ),
    );
    const { podIP = "" } = statusOf(cluster, "p");
    expect(cluster.sh("p/b", "echo | nc 127.0.0.1 81")).toBe("hidden\nexit 0");
    expect(cluster.sh("client", `echo | nc ${podIP} 81`)).toBe(
      `nc: ${podIP} (${podIP}:81): Connection refused\nexit 1`,
    );
    expect(cluster.sh("client", `echo | nc ${podIP} 82`)).toBe("open\nexit 0");
  });

  it("NS-3: hostNetwork: the node's address, name and ports", () => {
    const cluster = aCluster(
      sleeper("client"),
      pod(
        "h",
        `nodeName: node-1\nhostNetwork: true\ncontainers:\n${shell("a", "nc -lk -p 7000 -e echo from the node")}`,
      ),
    );
    const { podIP = "", hostIP } = statusOf(cluster, "h");
    expect(podIP).toBe(hostIP);
    expect(cluster.sh("h", "hostname; echo $HOSTNAME; hostname -i")).toBe(
      `node-1\nnode-1\n${podIP}\nexit 0`,
    );
    expect(cluster.sh("client", `echo | nc ${podIP} 7000`)).toBe("from the node\nexit 0");
  });

  it("NS-3: hostPort leads from the node to the pod; a second pod finds no node for it, or is refused by one", () => {
    const ports = "ports: [{ containerPort: 80, hostPort: 8088 }]";
    const server = (name: string, more: string): string =>
      pod(
        name,
        `${more}\ncontainers: [{ name: c, image: "busybox:1.36", command: [sh, -c, "nc -lk -p 80 -e echo ${name}"], ${ports} }]`,
      );
    const cluster = aCluster(
      sleeper("client"),
      server("a", "nodeName: node-1"),
      server("b", "nodeName: node-1"),
      server("c", "nodeSelector: { kubernetes.io/hostname: node-1 }"),
    );
    const { hostIP = "" } = statusOf(cluster, "a");
    expect(cluster.sh("client", `echo | nc ${hostIP} 8088`)).toBe("a\nexit 0");
    expect(statusOf(cluster, "b")).toMatchObject({
      phase: "Failed",
      reason: "NodePorts",
      message:
        "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
    });
    expect(cluster.events("c").join()).toContain(
      "0/2 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 1 node(s) didn't match Pod's node affinity/selector.",
    );
    cluster.remove("pods", "a");
    cluster.advance(15);
    expect(cluster.sh("client", `echo | nc ${hostIP} 8088`)).toBe("c\nexit 0");
  });
});

describe("names", () => {
  const LOCAL = [
    "# Kubernetes-managed hosts file.",
    "127.0.0.1\tlocalhost",
    "::1\tlocalhost ip6-localhost ip6-loopback",
    "fe00::0\tip6-localnet",
    "fe00::0\tip6-mcastprefix",
    "fe00::1\tip6-allnodes",
    "fe00::2\tip6-allrouters",
  ];
  const ALIASES = `hostAliases: [{ ip: 127.0.0.1, hostnames: [foo.local, bar.local] }, { ip: 10.1.2.3, hostnames: [foo.remote] }]`;

  it("NS-5: /etc/hosts with the pod's own names and its aliases", () => {
    const cluster = aCluster(sleeper("p", `hostname: web\nsubdomain: sub\n${ALIASES}`));
    const { podIP = "" } = statusOf(cluster, "p");
    expect(cluster.sh("p", "cat /etc/hosts")).toBe(
      [
        ...LOCAL,
        `${podIP}\tweb.sub.default.svc.cluster.local\tweb`,
        "",
        "# Entries added by HostAliases.",
        "127.0.0.1\tfoo.local\tbar.local",
        "10.1.2.3\tfoo.remote",
        "exit 0",
      ].join("\n"),
    );
    expect(cluster.sh("p", "hostname; hostname -f; ping -c 1 foo.local | head -1")).toBe(
      "web\nweb.sub.default.svc.cluster.local\nPING foo.local (127.0.0.1): 56 data bytes\nexit 0",
    );
  });

  it("NS-5: on the host network it is the node's, and what the pod adds", () => {
    const cluster = aCluster(sleeper("p", `nodeName: node-2\nhostNetwork: true\n${ALIASES}`));
    const text = cluster.sh("p", "cat /etc/hosts");
    expect(text).toMatch(
      /^# Kubernetes-managed hosts file \(host network\)\.\n127\.0\.0\.1\tlocalhost\n/,
    );
    expect(text).toContain("\tnode-2\n\n# Entries added by HostAliases.\n127.0.0.1\tfoo.local");
  });

  it("NS-4: setHostnameAsFQDN, and a name that is too long for it", () => {
    const long = "a".repeat(50);
    const cluster = aCluster(
      sleeper("p", "hostname: h\nsubdomain: s\nsetHostnameAsFQDN: true"),
      sleeper(long, "subdomain: s\nsetHostnameAsFQDN: true"),
      sleeper("dotted.name.of.a.pod"),
    );
    expect(cluster.sh("p", "hostname; hostname -s; cat /etc/hostname")).toBe(
      "h.s.default.svc.cluster.local\nh\nh.s.default.svc.cluster.local\nexit 0",
    );
    expect(cluster.sh("dotted.name.of.a.pod", "hostname")).toBe("dotted.name.of.a.pod\nexit 0");
    expect(cluster.events(long)).toContain(
      "FailedCreatePodSandBox: Failed to create pod sandbox: Failed to construct FQDN from pod hostname and cluster domain, " +
        `FQDN ${long}.s.default.svc.cluster.local is too long (64 characters is the max, 78 characters requested)`,
    );
  });

  const CLUSTER =
    "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n";
  it.each([
    { spec: "", expected: CLUSTER },
    { spec: "dnsPolicy: ClusterFirst", expected: CLUSTER },
    { spec: "dnsPolicy: ClusterFirstWithHostNet\nhostNetwork: true", expected: CLUSTER },
    {
      spec: "dnsPolicy: ClusterFirst\nhostNetwork: true",
      expected: "nameserver 172.18.0.1\noptions ndots:0\n",
    },
    { spec: "dnsPolicy: Default", expected: "nameserver 172.18.0.1\noptions ndots:0\n" },
    {
      spec: 'dnsPolicy: None\ndnsConfig: { nameservers: [192.0.2.1], searches: [ns1.svc.cluster-domain.example, my.dns.search.suffix], options: [{ name: ndots, value: "2" }, { name: edns0 }] }',
      expected:
        "search ns1.svc.cluster-domain.example my.dns.search.suffix\nnameserver 192.0.2.1\noptions ndots:2 edns0\n",
    },
    {
      spec: 'dnsConfig: { nameservers: [192.0.2.1, 10.96.0.10], searches: [cluster.local, more.example], options: [{ name: ndots, value: "1" }, { name: single-request }] }',
      expected:
        "search default.svc.cluster.local svc.cluster.local cluster.local more.example\nnameserver 10.96.0.10\nnameserver 192.0.2.1\noptions ndots:1 single-request\n",
    },
  ])("NS-3: /etc/resolv.conf of { $spec }", ({ spec, expected }) => {
    const cluster = aCluster(sleeper("p", spec));
    expect(cluster.sh("p", "cat /etc/resolv.conf")).toBe(`${expected}exit 0`);
  });

  it("NS-3: name servers and search domains beyond what libc takes are left out, and an event says so", () => {
    const searches = Array.from({ length: 32 }, (_, index) => `s${String(index)}.example`);
    const cluster = aCluster(
      sleeper(
        "p",
        `dnsConfig: { nameservers: [1.0.0.1, 1.0.0.2, 1.0.0.3], searches: [${searches.join(", ")}] }`,
      ),
    );
    expect(
      cluster.sh(
        "p",
        "grep -c nameserver /etc/resolv.conf; grep -o 's[0-9]*.example' /etc/resolv.conf | wc -l",
      ),
    ).toBe("3\n29\nexit 0");
    const events = cluster.events("p").join("\n");
    expect(events).toContain(
      "DNSConfigForming: Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.96.0.10 1.0.0.1 1.0.0.2",
    );
    expect(events).toContain(
      "DNSConfigForming: Search Line limits were exceeded, some search paths have been omitted, the applied search line is: default.svc.cluster.local ",
    );
  });

  it("NS-3: nslookup asks the server that it is told, and never looks at /etc/hosts", () => {
    const cluster = aCluster(sleeper("p", `dnsPolicy: Default\n${ALIASES}`));
    const name = "kubernetes.default.svc.cluster.local";
    expect(cluster.sh("p", `nslookup ${name} | grep -c 10.96.0.1$`)).toBe("0\nexit 1");
    expect(cluster.sh("p", `nslookup ${name} 10.96.0.10 | grep -c 10.96.0.1$`)).toBe("1\nexit 0");
    expect(
      cluster.sh("p", "nslookup foo.local | grep -c NXDOMAIN; ping -c 1 foo.local | head -1"),
    ).toBe("2\nPING foo.local (127.0.0.1): 56 data bytes\nexit 0");
  });
});
