import { describe, expect, it } from "vitest";
import type { Pod } from "../../api/index.js";
import { ShellCluster } from "../testing/shell-cluster.js";

const SOURCES = `
apiVersion: v1
kind: ConfigMap
metadata: { name: cm }
data: { a: "1", b: two, user: nobody }
---
apiVersion: v1
kind: Secret
metadata: { name: sec }
data: { user: YWRtaW4=, pass: czNjcjN0IQ== }
`;
const pod = (container: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: p, labels: { app: x }, annotations: { note: v } }
spec:
  nodeName: node-1
  containers:
    - { name: c, image: "busybox:1.36", ${container} }
`;
const aCluster = (container: string): ShellCluster => {
  const cluster = new ShellCluster(["node-1"]);
  for (const manifest of [SOURCES, pod(container)]) expect(cluster.create(manifest)).toBeNull();
  cluster.advance(10);
  return cluster;
};
const SLEEP = 'command: [sleep, "1000000"]';

describe("the environment of a container", () => {
  it("CRE-1, NS-6: envFrom with prefix and optional, then env, which wins; variables in their order", () => {
    const cluster = aCluster(`${SLEEP},
      envFrom: [{ configMapRef: { name: cm }, prefix: P_ }, { configMapRef: { name: cm } }, { secretRef: { name: sec } },
        { configMapRef: { name: none, optional: true } }, { secretRef: { name: none, optional: true } }],
      env: [{ name: ONE, value: "1" }, { name: TWO, value: "$(ONE)2 $(P_b)" }, { name: LATE, value: "$(LATER)" }, { name: LATER, value: l },
        { name: LITERAL, value: "$$(ONE)" }, { name: pass, value: mine }]`);
    expect(
      cluster.sh(
        "p",
        'for v in P_a P_b P_user a b user pass ONE TWO LATE LITERAL; do eval "echo $v=\\$$v"; done',
      ),
    ).toBe(
      "P_a=1\nP_b=two\nP_user=nobody\na=1\nb=two\nuser=admin\npass=mine\nONE=1\nTWO=12 two\nLATE=$(LATER)\nLITERAL=$(ONE)\nexit 0",
    );
  });

  it("VOL-5: valueFrom: keys, fields and resources", () => {
    const field = (name: string, path: string): string =>
      `{ name: ${name}, valueFrom: { fieldRef: { fieldPath: "${path}" } } }`;
    const resource = (name: string, of: string, divisor: string): string =>
      `{ name: ${name}, valueFrom: { resourceFieldRef: { resource: ${of}, divisor: ${divisor} } } }`;
    const cluster = aCluster(`${SLEEP}, resources: { limits: { cpu: 500m, memory: 64Mi } },
      env: [{ name: K, valueFrom: { configMapKeyRef: { name: cm, key: b } } }, { name: S, valueFrom: { secretKeyRef: { name: sec, key: pass } } },
        { name: O, valueFrom: { configMapKeyRef: { name: cm, key: none, optional: true } } },
        ${field("NAME", "metadata.name")}, ${field("NS", "metadata.namespace")}, ${field("LABEL", "metadata.labels['app']")},
        ${field("NOTE", "metadata.annotations['note']")}, ${field("NODE", "spec.nodeName")}, ${field("ACCOUNT", "spec.serviceAccountName")},
        ${field("HOST", "status.hostIP")}, ${field("IP", "status.podIP")}, ${field("IPS", "status.podIPs")},
        ${resource("CPU", "limits.cpu", "1m")}, ${resource("CPUS", "limits.cpu", "1")}, ${resource("MEMORY", "requests.memory", "1Mi")}]`);
    const { podIP = "", hostIP = "" } = (cluster.get("pods", "p") as Pod).status;
    expect(
      cluster.sh(
        "p",
        "echo $K $S ${O-unset} $NAME $NS $LABEL $NOTE $NODE $ACCOUNT $CPU $CPUS $MEMORY; echo $HOST $IP $IPS",
      ),
    ).toBe(
      `two s3cr3t! unset p default x v node-1 default 500 1 64\n${hostIP} ${podIP} ${podIP}\nexit 0`,
    );
  });

  it("NS-6: command and args are expanded too; what is not known stays", () => {
    const cluster = aCluster(
      'command: [sh, -c, \'echo "$0" "$1" "$2" "$3"; sleep 1000000\', "$(A)"], args: ["$(B)-$(A)", "$$(A)", "$(NONE)"], env: [{ name: A, value: x }, { name: B, value: "$(A)y" }]',
    );
    expect(cluster.log("p", "c")).toBe("x xy-x $(A) $(NONE)\n");
  });

  it.each([
    {
      env: "{ name: X, valueFrom: { configMapKeyRef: { name: cm, key: none } } }",
      message: "couldn't find key none in ConfigMap default/cm",
    },
    {
      env: "{ name: X, valueFrom: { secretKeyRef: { name: sec, key: none } } }",
      message: "couldn't find key none in Secret default/sec",
    },
    {
      env: "{ name: X, valueFrom: { secretKeyRef: { name: none, key: a } } }",
      message: 'secret "none" not found',
    },
  ])("CRE-1: $message", ({ env, message }) => {
    const cluster = aCluster(`${SLEEP}, env: [${env}]`);
    expect((cluster.get("pods", "p") as Pod).status.containerStatuses?.[0]?.state?.waiting).toEqual(
      {
        reason: "CreateContainerConfigError",
        message,
      },
    );
  });
});
