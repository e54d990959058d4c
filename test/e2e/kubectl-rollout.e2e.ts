import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findKubectls, type Kubectl } from "./support/kubectl.js";
import { startService, temporaryFolder, type Service } from "./support/service.js";

const deployment = (name: string, command: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: 3
  progressDeadlineSeconds: 20
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: c
          image: busybox:1.36
          command: [sh, -c, "${command}"]
          readinessProbe: { exec: { command: [test, -e, /tmp/ready] }, periodSeconds: 1 }
`;

const FINE = "echo fine; sleep 2; touch /tmp/ready; sleep infinity";
const BROKEN = "echo broken; exit 1";

/** Runs a line and wants it to succeed. */
const runner =
  (kubectl: Kubectl, service: () => Service) =>
  async (line: string, input = "") => {
    const result = await kubectl.run(service(), line.split(" "), input === "" ? {} : { input });
    expect(result.code, `${line}: ${result.stderr}`).toBe(0);
    return result.stdout;
  };

describe.each(findKubectls())("kubectl $version rolls out", (kubectl) => {
  let service: Service;
  const good = runner(kubectl, () => service);

  beforeAll(async () => {
    service = await startService({ PEAPOD_CLOCK: "x10", PEAPOD_NODES: "2" });
    await good("apply -f -", deployment("web", FINE));
  });
  afterAll(() => service.stop());

  it("waits for a rollout and shows what it made", async () => {
    expect(await good("rollout status deployment/web --timeout=60s")).toContain(
      'deployment "web" successfully rolled out\n',
    );
    await good("wait --for=condition=Available deployment/web --timeout=10s");
    expect(await good("get deploy,rs -o wide")).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\ndeployment.apps\/web +3\/3 +3 +3 +\S+ +c +busybox:1.36 +app=web\n\nNAME +DESIRED +CURRENT +READY +AGE +CONTAINERS +IMAGES +SELECTOR\nreplicaset.apps\/web-\w+ +3 +3 +3 +\S+ +c +busybox:1.36 +app=web,pod-template-hash=\w+\n$/,
    );
    expect(await good("logs deployment/web")).toBe("fine\n");
    expect(await good("describe deployment web")).toMatch(
      /Replicas: +3 desired \| 3 updated \| 3 total \| 3 available \| 0 unavailable[^]*NewReplicaSet: +web-\w+ \(3\/3 replicas created\)[^]*deployment-controller +Scaled up replica set web-\w+ from 0 to 3\n/,
    );
  });

  it("stops at a version that crashes, and goes back", async () => {
    await good("apply -f -", deployment("web", BROKEN));
    const status = await kubectl.run(service, "rollout status deployment/web".split(" "));
    expect(status.code).not.toBe(0);
    expect(status.stderr).toBe('error: deployment "web" exceeded its progress deadline\n');
    expect(await good("get deployment web")).toMatch(/web +3\/3 +1 +3 /);
    expect(await good("rollout undo deployment/web")).toBe("deployment.apps/web rolled back\n");
    await good("rollout status deployment/web --timeout=60s");
    expect(await good("rollout history deployment/web")).toMatch(
      /REVISION +CHANGE-CAUSE\n2 +<none>\n3 +<none>\n/,
    );
    expect(await good("rollout history deployment/web --revision=2")).toContain(BROKEN);
  });

  it("pauses, resumes, restarts, scales and changes images", async () => {
    await good("rollout pause deployment/web");
    await good("set image deployment/web c=busybox:1.37");
    await delay(300);
    expect(await good("get deployment web")).toMatch(/web +3\/3 +0 +3 /);
    await good("rollout resume deployment/web");
    await good("rollout status deployment/web --timeout=60s");
    await good("rollout restart deployment/web");
    await good("rollout status deployment/web --timeout=60s");
    await good("scale deployment/web --replicas=1");
    await good("rollout status deployment/web --timeout=60s");
    expect(await good("get deployment web -o wide")).toMatch(/web +1\/1 +1 +1 .*busybox:1.37/);
  });

  it("drains a node of its pods, which come back on another", async () => {
    const node = await good("get pods -l app=web -o jsonpath={.items[0].spec.nodeName}");
    await good(`drain ${node} --timeout=60s`);
    await good("rollout status deployment/web --timeout=60s");
    const after = await good("get pods -l app=web -o jsonpath={.items[0].spec.nodeName}");
    expect(after).not.toBe(node);
    await good(`uncordon ${node}`);
  });

  it("leaves pods to themselves, or takes them along", async () => {
    await good("delete deployment web --cascade=orphan");
    expect(await good("get pods -l app=web -o name")).toMatch(/^pod\/web-\w+-\w+\n$/);
    await good("delete rs -l app=web --cascade=foreground");
    expect(await good("get all -l app=web")).toBe("");
  });
});

it("a rollout goes on after a kill", async () => {
  const database = join(temporaryFolder(), "peapod.sqlite");
  const [kubectl] = findKubectls().slice(-1);
  if (kubectl === undefined) throw new Error("there is no kubectl");
  const settings = { PEAPOD_DATABASE: database, PEAPOD_CLOCK: "x4" };
  let service = await startService(settings);
  const good = runner(kubectl, () => service);
  await good("apply -f -", deployment("web", FINE));
  await good("rollout status deployment/web --timeout=60s");
  await good("set image deployment/web c=busybox:1.37");
  await delay(500);
  await service.stop("SIGKILL");
  service = await startService(settings);
  expect(await good("get rs --no-headers")).toMatch(/^web-\w+ .*\nweb-\w+ .*\n$/);
  await good("rollout status deployment/web --timeout=60s");
  expect(await good("get deployment web -o wide")).toMatch(/web +3\/3 +3 +3 .*busybox:1.37/);
  await service.stop();
});
