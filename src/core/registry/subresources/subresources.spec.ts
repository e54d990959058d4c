import { describe, expect, it } from "vitest";
import type { Pod, PodDisruptionBudget, TokenRequest } from "../../api/index.js";
import { aPod, refusalOf, RegistryFixture } from "../testing/registry-fixture.js";

const binding = (name: string, node = "node-1"): object => ({
  metadata: { name },
  target: { kind: "Node", name: node },
});

describe("binding", () => {
  it("API-19: assigns the node and says that the pod is scheduled", () => {
    const fixture = new RegistryFixture();
    fixture.create("pods", aPod("x"));
    fixture.pass(5);
    const response = fixture.post("pods", "x", "binding", {
      ...binding("x"),
      metadata: { name: "x", annotations: { zone: "a" } },
    });
    expect(response).toMatchObject({ code: 201, body: { kind: "Status", status: "Success" } });
    const pod = fixture.get<Pod>("pods", "x");
    expect(pod.spec.nodeName).toBe("node-1");
    expect(pod.metadata.annotations).toEqual({ zone: "a" });
    expect(pod.metadata.generation).toBe(1);
    expect(pod.status.conditions).toMatchObject([
      { type: "PodScheduled", status: "True", lastTransitionTime: "2026-01-01T00:00:05Z" },
    ]);
  });

  it.each<[string, (fixture: RegistryFixture) => void, number, string]>([
    [
      "a pod that has a node",
      (fixture) => fixture.bind("x", "node-1"),
      409,
      'Operation cannot be fulfilled on pods/binding "x": pod x is already assigned to node "node-1"',
    ],
    [
      "a pod that is going",
      (fixture) => {
        fixture.patch("pods", "x", "merge", { metadata: { finalizers: ["example.com/a"] } });
        fixture.delete("pods", "x");
      },
      409,
      'Operation cannot be fulfilled on pods/binding "x": pod x is being deleted, cannot be assigned to a host',
    ],
    [
      "a pod that is not there",
      (fixture) => fixture.delete("pods", "x"),
      404,
      'pods "x" not found',
    ],
  ])("API-19: refuses %s", (_, prepare, code, message) => {
    const fixture = new RegistryFixture();
    fixture.create("pods", aPod("x"));
    prepare(fixture);
    const { status } = refusalOf(() => fixture.post("pods", "x", "binding", binding("x")));
    expect(status).toMatchObject({ code, message });
  });

  it("API-19: refuses a pod that is gated, and a body of another name", () => {
    const fixture = new RegistryFixture();
    fixture.create("pods", aPod("x", { schedulingGates: [{ name: "wait" }] }));
    expect(
      refusalOf(() => fixture.post("pods", "x", "binding", binding("x"))).status.message,
    ).toContain("pod x has non-empty .spec.schedulingGates");
    expect(
      refusalOf(() => fixture.post("pods", "x", "binding", binding("y"))).status,
    ).toMatchObject({ code: 400, message: "name in URL does not match name in Binding object" });
  });
});

describe("eviction", () => {
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "a" } };

  /** Two running pods that a budget of `minAvailable` selects. */
  const withBudget = (minAvailable: number | string, ready = true): RegistryFixture => {
    const fixture = new RegistryFixture();
    for (const name of ["a", "b"]) {
      const pod = fixture.create<Pod>("pods", {
        metadata: { name, labels: { app: "web" } },
        spec: { containers: [{ name: "c", image: "i" }], terminationGracePeriodSeconds: 30 },
      });
      fixture.bind(name, "node-1");
      const conditions = [{ type: "Ready", status: ready ? "True" : "False" }];
      fixture.update(
        "pods",
        name,
        { ...fixture.get("pods", name), status: { ...pod.status, phase: "Running", conditions } },
        "status",
      );
    }
    fixture.create("poddisruptionbudgets.policy", {
      metadata: { name: "budget" },
      spec: { minAvailable, selector: { matchLabels: { app: "web" } } },
    });
    return fixture;
  };
  const evict = (fixture: RegistryFixture, body: object = eviction) =>
    fixture.post("pods", "a", "eviction", body);

  it("API-20: without a budget says why, then deletes gracefully", () => {
    const fixture = withBudget(1);
    fixture.delete("poddisruptionbudgets.policy", "budget");
    expect(evict(fixture)).toMatchObject({ code: 201, body: { status: "Success" } });
    const pod = fixture.get<Pod>("pods", "a");
    expect(pod.metadata.deletionGracePeriodSeconds).toBe(30);
    expect(pod.status.conditions).toContainEqual(
      expect.objectContaining({
        type: "DisruptionTarget",
        status: "True",
        reason: "EvictionByEvictionAPI",
        message: "Eviction API: evicting",
      }),
    );
  });

  it("API-20: takes what the budget allows, then is refused with 429", () => {
    const fixture = withBudget(1);
    evict(fixture, { ...eviction, deleteOptions: { gracePeriodSeconds: 5 } });
    expect(fixture.get<Pod>("pods", "a").metadata.deletionGracePeriodSeconds).toBe(5);
    const budget = fixture.get<PodDisruptionBudget>("poddisruptionbudgets.policy", "budget");
    expect(budget.status).toMatchObject({
      disruptionsAllowed: 0,
      disruptedPods: { a: "2026-01-01T00:00:00Z" },
    });
    const { status } = refusalOf(() =>
      fixture.post("pods", "b", "eviction", { ...eviction, metadata: { name: "b" } }),
    );
    expect(status).toMatchObject({
      code: 429,
      reason: "TooManyRequests",
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        causes: [
          {
            reason: "DisruptionBudget",
            message: "The disruption budget budget does not allow evicting pods currently",
          },
        ],
      },
    });
  });

  it.each<[string, number | string]>([
    ["as many as there are", 2],
    ["all of them", "100%"],
  ])("API-20: is refused when the budget wants %s", (_, minAvailable) => {
    const fixture = withBudget(minAvailable);
    const { status } = refusalOf(() => evict(fixture));
    expect(status.code).toBe(429);
    expect(fixture.get<Pod>("pods", "a").metadata.deletionTimestamp).toBeUndefined();
  });

  it("API-20: a pod that is not up needs no leave", () => {
    const fixture = withBudget(2);
    const pod = fixture.get<Pod>("pods", "a");
    fixture.update("pods", "a", { ...pod, status: { ...pod.status, phase: "Failed" } }, "status");
    evict(fixture);
    expect(fixture.exists("pods", "a")).toBe(false);
  });

  it("API-20: can be tried without an effect", () => {
    const fixture = withBudget(1);
    const version = fixture.store.lastSequence;
    fixture.post("pods", "a", "eviction", eviction, { dryRun: true });
    evict(fixture, { ...eviction, deleteOptions: { dryRun: ["All"] } });
    expect(fixture.store.lastSequence).toBe(version);
    const full = withBudget(2);
    expect(
      refusalOf(() => full.post("pods", "a", "eviction", eviction, { dryRun: true })).code,
    ).toBe(429);
  });

  it.each<[string, object]>([
    ["another uid", { uid: "other" }],
    ["another version", { resourceVersion: "1" }],
  ])("API-20: changes nothing when the caller means %s", (_, preconditions) => {
    const fixture = withBudget(1);
    const version = fixture.store.lastSequence;
    fixture.delete("poddisruptionbudgets.policy", "budget");
    const body = { ...eviction, deleteOptions: { preconditions } };
    expect(refusalOf(() => evict(fixture, body)).code).toBe(409);
    expect(fixture.store.lastSequence).toBe(version + 1);
  });

  it("API-20: two budgets for one pod are too many", () => {
    const fixture = withBudget(1);
    fixture.create("poddisruptionbudgets.policy", {
      metadata: { name: "second" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } },
    });
    expect(evict(fixture).body).toMatchObject({ status: "Failure", code: 500 });
  });

  it("API-20: believes the disruption controller once it has looked", () => {
    const fixture = withBudget(1);
    const budget = fixture.get<PodDisruptionBudget>("poddisruptionbudgets.policy", "budget");
    const status = { ...budget.status, observedGeneration: 1, disruptionsAllowed: 0 };
    fixture.update("poddisruptionbudgets.policy", "budget", { ...budget, status }, "status");
    expect(refusalOf(() => evict(fixture)).code).toBe(429);
  });
});

describe("ephemeralcontainers", () => {
  const debug = { name: "debug", image: "busybox", targetContainerName: "app" };

  it("EPH-1: takes ephemeral containers and nothing else", () => {
    const fixture = new RegistryFixture();
    const pod = fixture.create<Pod>("pods", aPod("x"));
    const patched = fixture.patch<Pod>(
      "pods",
      "x",
      "strategic",
      { metadata: { labels: { a: "1" } }, spec: { nodeName: "n", ephemeralContainers: [debug] } },
      { subresource: "ephemeralcontainers" },
    );
    expect(patched.spec.ephemeralContainers).toMatchObject([debug]);
    expect(patched.spec.nodeName).toBeUndefined();
    expect(patched.metadata.labels).toBeUndefined();
    expect(patched.metadata.generation).toBe(2);
    expect(patched.spec.containers).toBe(pod.spec.containers);
  });

  it.each<[string, object[], string]>([
    ["removed", [], "removed"],
    ["changed", [{ ...debug, image: "alpine" }], "changed"],
  ])("EPH-2: one can not be %s", (_, ephemeralContainers, what) => {
    const fixture = new RegistryFixture();
    fixture.create("pods", aPod("x"));
    const put = (containers: object[]): Pod => {
      const pod = fixture.get<Pod>("pods", "x");
      const spec = { ...pod.spec, ephemeralContainers: containers };
      return fixture.update<Pod>("pods", "x", { ...pod, spec }, "ephemeralcontainers");
    };
    put([debug]);
    const { status } = refusalOf(() => put(ephemeralContainers));
    expect(status.code).toBe(422);
    expect(status.message).toContain(
      `spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be ${what}`,
    );
  });
});

describe("resize", () => {
  const withCpu = (cpu: string): object => ({
    name: "app",
    image: "busybox",
    resources: { requests: { cpu }, limits: { cpu: "2" } },
  });

  it("API-23: takes resources and resize policies and nothing else", () => {
    const fixture = new RegistryFixture();
    fixture.create(
      "pods",
      aPod("x", { containers: [withCpu("500m")] as Pod["spec"]["containers"] }),
    );
    const pod = fixture.get<Pod>("pods", "x");
    const resized = fixture.update<Pod>(
      "pods",
      "x",
      {
        ...pod,
        metadata: { ...pod.metadata, labels: { a: "1" } },
        spec: {
          ...pod.spec,
          activeDeadlineSeconds: 5,
          containers: [{ ...pod.spec.containers[0], ...withCpu("1"), image: "other" }],
        },
      },
      "resize",
    );
    expect(resized.spec.containers[0]).toMatchObject(withCpu("1"));
    expect(resized.spec.activeDeadlineSeconds).toBeUndefined();
    expect(resized.metadata.labels).toBeUndefined();
    expect(resized.metadata.generation).toBe(2);
  });

  it("API-23: keeps the QoS class, and is the only way to other resources", () => {
    const fixture = new RegistryFixture();
    const pod = fixture.create<Pod>("pods", aPod("x"));
    const containers = [{ ...pod.spec.containers[0], ...withCpu("1") }];
    const body = { ...pod, spec: { ...pod.spec, containers } };
    expect(refusalOf(() => fixture.update("pods", "x", body, "resize")).status.message).toContain(
      "Pod QOS Class may not change as a result of resizing",
    );
    expect(refusalOf(() => fixture.update("pods", "x", body)).status.message).toContain(
      "pod updates may not change fields other than",
    );
  });
});

describe("token", () => {
  it("VOL-5: is a JSON Web Token of the account, bound to the pod that asks", () => {
    const fixture = new RegistryFixture();
    const pod = fixture.create<Pod>("pods", aPod("x"));
    const { code, body } = fixture.post("serviceaccounts", "default", "token", {
      spec: {
        expirationSeconds: 3607,
        boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "x", uid: pod.metadata.uid },
      },
    });
    expect(code).toBe(201);
    const { token, expirationTimestamp } = (body as unknown as TokenRequest).status ?? {};
    expect(expirationTimestamp).toBe("2026-01-01T01:00:07Z");
    const [, claims = ""] = (token ?? "").split(".");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      sub: "system:serviceaccount:default:default",
      iat: 1767225600,
      "kubernetes.io": { namespace: "default", pod: { name: "x", uid: pod.metadata.uid } },
    });
  });

  it.each<[string, object, number, string]>([
    ["a short life", { expirationSeconds: 5 }, 422, "may not specify a duration less than 10 min"],
    [
      "a pod that is not there",
      { boundObjectRef: { kind: "Pod", name: "y" } },
      404,
      'pods "y" not found',
    ],
  ])("refuses %s", (_, spec, code, message) => {
    const fixture = new RegistryFixture();
    const { status } = refusalOf(() =>
      fixture.post("serviceaccounts", "default", "token", { spec }),
    );
    expect(status.code).toBe(code);
    expect(status.message).toContain(message);
  });
});

describe("subresources that are not there", () => {
  it("are refused with 405", () => {
    const fixture = new RegistryFixture();
    fixture.create("pods", aPod("x"));
    expect(refusalOf(() => fixture.post("pods", "x", "status", {})).code).toBe(405);
    expect(refusalOf(() => fixture.update("pods", "x", {}, "log")).code).toBe(405);
  });
});
