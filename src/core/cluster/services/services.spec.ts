import { describe, expect, it } from "vitest";
import type { Endpoints, EndpointSlice, Pod, Service } from "../../api/index.js";
import { ShellCluster } from "../testing/shell-cluster.js";

const server = (name: string, more = ""): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: web } }
spec:
  terminationGracePeriodSeconds: 5
  ${more}
  containers:
    - name: c
      image: busybox:1.36
      command: [sh, -c, "hostname >/tmp/index.html; exec httpd -f -p 8080 -h /tmp"]
      ports: [{ name: http, containerPort: 8080 }]
      readinessProbe: { exec: { command: [test, "!", -e, /tmp/closed] }, periodSeconds: 1 }
`;

const client = `
apiVersion: v1
kind: Pod
metadata: { name: client }
spec: { containers: [{ name: c, image: "busybox:1.36", command: [sleep, "1000000"] }] }
`;

const service = (spec: string, name = "web"): string => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, labels: { tier: front } }
spec: ${spec}
`;

const WEB = "{ selector: { app: web }, ports: [{ name: http, port: 80, targetPort: http }] }";

const aCluster = (...manifests: readonly string[]): ShellCluster => {
  const cluster = new ShellCluster();
  for (const manifest of [client, ...manifests]) expect(cluster.create(manifest)).toBeNull();
  cluster.advance(10);
  return cluster;
};

const ipOf = (cluster: ShellCluster, pod: string): string =>
  (cluster.get("pods", pod) as Pod).status.podIP ?? "";

const slicesOf = (cluster: ShellCluster, name: string): readonly EndpointSlice[] =>
  cluster.list(
    "endpointslices.discovery.k8s.io",
    `kubernetes.io/service-name=${name}`,
  ) as readonly EndpointSlice[];

const servers = (cluster: ShellCluster, count: number, url: string): Set<string> =>
  new Set(
    cluster
      .sh("client", `for i in $(seq ${count}); do wget -q -O - ${url}; done`)
      .split("\n")
      .slice(0, -1),
  );

describe("Endpoints and EndpointSlices", () => {
  it("say which pods a Service leads to, as the controllers write them", () => {
    const cluster = aCluster(server("a"));
    cluster.create(service(WEB));
    cluster.advance(1);
    const pod = cluster.get("pods", "a") as Pod;
    const target = { kind: "Pod", name: "a", namespace: "default", uid: pod.metadata.uid };
    const owner = (cluster.get("services", "web") as Service).metadata;
    expect(cluster.get("endpoints", "web") as Endpoints).toMatchObject({
      metadata: {
        labels: { tier: "front", "endpoints.kubernetes.io/managed-by": "endpoint-controller" },
        annotations: {
          "endpoints.kubernetes.io/last-change-trigger-time": expect.stringMatching(
            /^2026-01-01T00:00:/,
          ) as string,
        },
      },
      subsets: [
        {
          addresses: [{ ip: pod.status.podIP, nodeName: pod.spec.nodeName, targetRef: target }],
          ports: [{ name: "http", port: 8080, protocol: "TCP" }],
        },
      ],
    });
    expect(slicesOf(cluster, "web")).toMatchObject([
      {
        metadata: {
          name: expect.stringMatching(/^web-[a-z0-9]{5}$/) as string,
          generateName: "web-",
          labels: {
            tier: "front",
            "kubernetes.io/service-name": "web",
            "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
          },
          ownerReferences: [
            {
              apiVersion: "v1",
              kind: "Service",
              name: "web",
              uid: owner.uid,
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        },
        addressType: "IPv4",
        endpoints: [
          {
            addresses: [pod.status.podIP],
            conditions: { ready: true, serving: true, terminating: false },
            nodeName: pod.spec.nodeName,
            targetRef: target,
          },
        ],
        ports: [{ name: "http", port: 8080, protocol: "TCP" }],
      },
    ]);
  });

  it("follow readiness and termination, and go with their Service", () => {
    const cluster = aCluster(server("a"), service(WEB));
    const conditions = () => slicesOf(cluster, "web")[0]?.endpoints?.[0]?.conditions;
    const subset = () => (cluster.get("endpoints", "web") as Endpoints).subsets?.[0];
    cluster.sh("a", "touch /tmp/closed");
    expect(conditions()).toEqual({ ready: false, serving: false, terminating: false });
    expect(subset()?.addresses).toBeUndefined();
    expect(subset()?.notReadyAddresses).toHaveLength(1);
    cluster.sh("a", "rm /tmp/closed");
    cluster.remove("pods", "a");
    cluster.advance(1);
    expect(conditions()).toEqual({ ready: false, serving: true, terminating: true });
    expect(subset()).toBeUndefined();
    cluster.advance(20);
    expect(slicesOf(cluster, "web").map(({ endpoints }) => endpoints)).toEqual([[]]);
    cluster.remove("services", "web");
    cluster.advance(5);
    expect(slicesOf(cluster, "web")).toEqual([]);
    expect(cluster.list("endpoints").map(({ metadata }) => metadata.name)).toEqual(["kubernetes"]);
  });

  it("publish what is not ready where the Service wants it", () => {
    const unready = "{ selector: { app: web }, publishNotReadyAddresses: true, clusterIP: None }";
    const cluster = aCluster(server("a"), service(unready));
    cluster.sh("a", "touch /tmp/closed");
    const [slice] = slicesOf(cluster, "web");
    expect(slice?.endpoints?.[0]?.conditions).toEqual({
      ready: true,
      serving: false,
      terminating: false,
    });
    expect(slice?.metadata.labels).toMatchObject({ "service.kubernetes.io/headless": "" });
    expect((cluster.get("endpoints", "web") as Endpoints).subsets?.[0]?.addresses).toHaveLength(1);
  });

  it("are written only when something has changed", () => {
    const cluster = aCluster(server("a"), service(WEB));
    const versions = () => [
      cluster.get("endpoints", "web").metadata.resourceVersion,
      ...slicesOf(cluster, "web").map(({ metadata }) => metadata.resourceVersion),
    ];
    const before = versions();
    cluster.patch("pods", "a", { metadata: { annotations: { note: "1" }, labels: { x: "y" } } });
    cluster.patch("services", "web", { metadata: { annotations: { note: "1" } } });
    cluster.advance(60);
    expect(versions()).toEqual(before);
  });

  it("of users' own making are mirrored, and a slice that somebody spoils is mended", () => {
    const cluster = aCluster(
      server("a"),
      service(WEB),
      service("{ ports: [{ port: 80, targetPort: 8080 }] }", "own"),
    );
    expect(
      cluster.create(`
apiVersion: v1
kind: Endpoints
metadata: { name: own }
subsets: [{ addresses: [{ ip: ${ipOf(cluster, "a")} }], ports: [{ port: 8080 }] }]
`),
    ).toBeNull();
    cluster.advance(2);
    expect(slicesOf(cluster, "own")).toMatchObject([
      {
        metadata: {
          labels: {
            "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
          },
          ownerReferences: [{ kind: "Endpoints", name: "own" }],
        },
        endpoints: [{ addresses: [ipOf(cluster, "a")], conditions: { ready: true } }],
      },
    ]);
    expect(cluster.sh("client", "wget -q -O - http://own")).toBe("a\nexit 0");
    const [slice] = slicesOf(cluster, "web");
    cluster.patch("endpointslices.discovery.k8s.io", slice?.metadata.name ?? "", { endpoints: [] });
    cluster.advance(3);
    expect(slicesOf(cluster, "web")[0]?.endpoints).toHaveLength(1);
    cluster.remove("endpoints", "own");
    cluster.advance(2);
    expect(slicesOf(cluster, "own")).toEqual([]);
  });
});

describe("connections to Services", () => {
  it("go to one ready pod or another, over all nodes", () => {
    const cluster = aCluster(server("a"), server("b"), service(WEB));
    expect(servers(cluster, 20, "http://web")).toEqual(new Set(["a", "b"]));
    cluster.sh("b", "touch /tmp/closed");
    expect(servers(cluster, 10, "http://web")).toEqual(new Set(["a"]));
  });

  it("are refused at once without endpoints, and lost on a port that there is not", () => {
    const cluster = aCluster(service(WEB));
    expect(cluster.sh("client", "wget -q -O - http://web")).toMatch(
      /^wget: can't connect to remote host \(10\.\d+\.\d+\.\d+\): Connection refused\nexit 1$/,
    );
    expect(cluster.sh("client", "wget -q -T 3 -O - http://web:81")).toMatch(
      /wget: download timed out\nexit 1$/,
    );
  });

  it("reach a pod that still serves while it goes, when there is no other", () => {
    const cluster = aCluster(
      server("a").replace("exec httpd", "trap '' TERM; httpd").replace("-h /tmp", "-h /tmp; :"),
      service(WEB),
    );
    cluster.remove("pods", "a");
    cluster.advance(1);
    expect(cluster.sh("client", "wget -q -O - http://web", 1)).toBe("a\nexit 0");
  });

  it("reach a node's port from any pod, by any node", () => {
    const cluster = aCluster(
      server("a"),
      service(
        WEB.replace("{ selector", "{ type: NodePort, selector").replace(
          "port: 80,",
          "port: 80, nodePort: 30080,",
        ),
      ),
    );
    for (const address of ["172.18.0.2", "172.18.0.3"])
      expect(cluster.sh("client", `wget -q -O - http://${address}:30080`)).toBe("a\nexit 0");
  });

  it("of one client stay with one pod where the Service wants it", () => {
    const cluster = aCluster(
      server("a"),
      server("b"),
      service(WEB.replace("{ selector", "{ sessionAffinity: ClientIP, selector")),
    );
    expect(servers(cluster, 20, "http://web").size).toBe(1);
  });

  it("with internalTrafficPolicy Local stay on the node, or are lost", () => {
    const cluster = aCluster(
      server("a", "nodeName: node-1"),
      service(WEB.replace("{ selector", "{ internalTrafficPolicy: Local, selector")),
    );
    const near = cluster.create(
      client.replace("client", "near").replace("spec: {", "spec: { nodeName: node-1,"),
    );
    const far = cluster.create(
      client.replace("client", "far").replace("spec: {", "spec: { nodeName: node-2,"),
    );
    expect([near, far]).toEqual([null, null]);
    cluster.advance(5);
    expect(cluster.sh("near", "wget -q -O - http://web")).toBe("a\nexit 0");
    expect(cluster.sh("far", "wget -q -T 2 -O - http://web")).toContain("download timed out");
  });
});

describe("names of the cluster's DNS", () => {
  const lookUp = (cluster: ShellCluster, name: string, type = "a"): string =>
    cluster.sh("client", `nslookup -type=${type} ${name}`);

  it("are those of Services, pods and their ports", () => {
    const headless =
      "{ clusterIP: None, selector: { app: web }, ports: [{ name: http, port: 8080 }] }";
    const cluster = aCluster(
      server("a", "hostname: a\n  subdomain: pods"),
      server("b", "hostname: b\n  subdomain: pods"),
      service(WEB),
      service(headless, "pods"),
      service("{ type: ExternalName, externalName: db.example.com }", "db"),
      service("{ type: ExternalName, externalName: web.default.svc.cluster.local }", "alias"),
    );
    const { clusterIP = "" } = (cluster.get("services", "web") as Service).spec;
    const [a, b] = [ipOf(cluster, "a"), ipOf(cluster, "b")];
    const zone = "default.svc.cluster.local";
    expect(lookUp(cluster, `web.${zone}`)).toBe(
      `Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tweb.${zone}\nAddress: ${clusterIP}\n\nexit 0`,
    );
    const all = lookUp(cluster, `pods.${zone}`);
    expect([all.includes(`Address: ${a}\n`), all.includes(`Address: ${b}\n`)]).toEqual([
      true,
      true,
    ]);
    expect(lookUp(cluster, `a.pods.${zone}`)).toContain(`Address: ${a}\n`);
    expect(lookUp(cluster, `_http._tcp.web.${zone}`, "srv")).toContain(
      `_http._tcp.web.${zone}\tservice = 0 100 80 web.${zone}\n`,
    );
    expect(lookUp(cluster, `_http._tcp.pods.${zone}`, "srv")).toContain(
      `service = 0 50 8080 a.pods.${zone}\n`,
    );
    expect(lookUp(cluster, `${a.replaceAll(".", "-")}.default.pod.cluster.local`)).toContain(
      `Address: ${a}\n`,
    );
    expect(lookUp(cluster, `db.${zone}`, "cname")).toContain("canonical name = db.example.com\n");
    expect(lookUp(cluster, `alias.${zone}`)).toContain(
      `alias.${zone}\tcanonical name = web.${zone}\nName:\tweb.${zone}\nAddress: ${clusterIP}\n`,
    );
    expect(cluster.sh("client", `nslookup ${clusterIP}`)).toContain(`name = web.${zone}\n`);
    expect(cluster.sh("client", `nslookup ${a}`)).toContain(`name = a.pods.${zone}\n`);
    expect(lookUp(cluster, `none.${zone}`)).toContain(
      `** server can't find none.${zone}: NXDOMAIN\n\nexit 1`,
    );
  });

  it("are found by the search list, and in no other namespace without one", () => {
    const cluster = aCluster(server("a"), service(WEB));
    for (const name of ["web", "web.default", "web.default.svc", "web.default.svc.cluster.local."])
      expect(cluster.sh("client", `wget -q -O - http://${name}`)).toBe("a\nexit 0");
    expect(cluster.sh("client", "wget -q -O - http://web.kube-system")).toBe(
      "wget: bad address 'web.kube-system'\nexit 1",
    );
    expect(cluster.sh("client", "ping -c1 nowhere")).toBe("ping: bad address 'nowhere'\nexit 1");
  });

  it("are said by busybox 1.28 as the documentation shows it", () => {
    const cluster = aCluster(service(WEB));
    cluster.create(client.replace("client", "old").replace("1.36", "1.28"));
    cluster.advance(5);
    const head =
      "Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\n";
    expect(cluster.sh("old", "nslookup kubernetes.default")).toBe(
      `${head}Name:      kubernetes.default\nAddress 1: 10.96.0.1 kubernetes.default.svc.cluster.local\nexit 0`,
    );
    expect(cluster.sh("old", "nslookup nowhere")).toBe(
      `${head}nslookup: can't resolve 'nowhere'\nexit 1`,
    );
  });

  it("appear with their Service: what waits for one goes on", () => {
    const cluster = aCluster(`
apiVersion: v1
kind: Pod
metadata: { name: waits }
spec:
  initContainers:
    - name: init
      image: busybox:1.28
      command:
        - sh
        - -c
        - until nslookup later.$(cat /var/run/secrets/kubernetes.io/serviceaccount/namespace).svc.cluster.local; do sleep 2; done
  containers: [{ name: c, image: "busybox:1.28", command: [sleep, "1000000"] }]
`);
    cluster.advance(30);
    expect((cluster.get("pods", "waits") as Pod).status.phase).toBe("Pending");
    cluster.create(service("{ ports: [{ port: 80 }] }", "later"));
    cluster.advance(5);
    expect((cluster.get("pods", "waits") as Pod).status.phase).toBe("Running");
  });
});
