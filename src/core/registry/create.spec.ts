import { describe, expect, it } from "vitest";
import type { Namespace, Node, Pod, Service } from "../api/index.js";
import { aPod, refusalOf, RegistryFixture } from "./testing/registry-fixture.js";

describe("POST", () => {
  it("DEF-11: sets what the server decides and drops the client's status", () => {
    const fixture = new RegistryFixture();
    const response = fixture.createResponse("pods", {
      ...aPod("x"),
      metadata: {
        name: "x",
        uid: "mine",
        resourceVersion: "",
        creationTimestamp: "2001-01-01T00:00:00Z",
        deletionTimestamp: "2001-01-01T00:00:00Z",
        generation: 7,
      },
      status: { phase: "Running", podIP: "1.2.3.4" },
    });
    const pod = response.body as Pod;
    expect(response.code).toBe(201);
    expect(pod.metadata).toMatchObject({
      name: "x",
      namespace: "default",
      creationTimestamp: "2026-01-01T00:00:00Z",
      generation: 1,
      resourceVersion: String(fixture.store.lastSequence),
    });
    expect(pod.metadata.uid).not.toBe("mine");
    expect(pod.metadata.deletionTimestamp).toBeUndefined();
    expect(pod.status).toEqual({ phase: "Pending", qosClass: "BestEffort" });
  });

  it("SCHED-7: a gated pod says so at once", () => {
    const fixture = new RegistryFixture();
    const pod = fixture.create<Pod>("pods", aPod("x", { schedulingGates: [{ name: "wait" }] }));
    expect(pod.status.conditions).toEqual([
      expect.objectContaining({ type: "PodScheduled", status: "False", reason: "SchedulingGated" }),
    ]);
  });

  it("DEF-13: makes a name of generateName and five characters", () => {
    const fixture = new RegistryFixture();
    const long = "n".repeat(70);
    const pod = fixture.create<Pod>("pods", {
      ...aPod(""),
      metadata: { generateName: `${long}-` },
    });
    expect(pod.metadata.name).toMatch(/^n{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(pod.metadata.generateName).toBe(`${long}-`);
  });

  it("DEF-13: the same seed gives the same names", () => {
    const name = (): string =>
      new RegistryFixture().create<Pod>("pods", {
        ...aPod(""),
        metadata: { generateName: "web-" },
      }).metadata.name;
    expect(name()).toBe(name());
  });

  it("API-2: refuses a name that is taken, and says when its owner is on its way out", () => {
    const fixture = new RegistryFixture();
    fixture.create("pods", aPod("x", { terminationGracePeriodSeconds: 30 }));
    const taken = refusalOf(() => fixture.create("pods", aPod("x"))).status;
    expect(taken).toMatchObject({
      code: 409,
      reason: "AlreadyExists",
      message: 'pods "x" already exists',
      details: { name: "x", kind: "pods" },
    });
    fixture.bind("x", "node-1");
    fixture.delete("pods", "x");
    expect(refusalOf(() => fixture.create("pods", aPod("x"))).status.message).toBe(
      'object is being deleted: pods "x" already exists',
    );
  });

  it("API-3: refuses a namespace that is not there, or is going", () => {
    const fixture = new RegistryFixture();
    const missing = refusalOf(() => fixture.create("pods", aPod("x"), { namespace: "nowhere" }));
    expect(missing.status).toMatchObject({
      code: 404,
      message: 'namespaces "nowhere" not found',
    });
    fixture.create("namespaces", { metadata: { name: "going" } });
    fixture.delete("namespaces", "going");
    const going = refusalOf(() => fixture.create("pods", aPod("x"), { namespace: "going" }));
    expect(going.status).toMatchObject({
      code: 403,
      reason: "Forbidden",
      message:
        'pods "x" is forbidden: unable to create new content in namespace going because it is being terminated',
      details: {
        causes: [
          {
            reason: "NamespaceTerminating",
            message: "namespace going is being terminated",
            field: "metadata.namespace",
          },
        ],
      },
    });
  });

  it("refuses an object of another namespace", () => {
    const fixture = new RegistryFixture();
    const body = { ...aPod("x"), metadata: { name: "x", namespace: "kube-system" } };
    expect(refusalOf(() => fixture.create("pods", body)).status).toMatchObject({
      code: 400,
      message:
        "the namespace of the provided object does not match the namespace sent on the request",
    });
  });

  it("refuses a resourceVersion: the object can not be there yet", () => {
    const fixture = new RegistryFixture();
    const body = { ...aPod("x"), metadata: { name: "x", resourceVersion: "5" } };
    expect(refusalOf(() => fixture.create("pods", body)).status).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "resourceVersion should not be set on objects to be created",
      code: 500,
    });
  });

  it("VAL-1, VAL-4: refuses what is invalid, with a cause for each field", () => {
    const fixture = new RegistryFixture();
    const body = { metadata: { name: "x" }, spec: { containers: [] } };
    expect(refusalOf(() => fixture.create("pods", body)).status).toMatchObject({
      code: 422,
      reason: "Invalid",
      message: 'Pod "x" is invalid: spec.containers: Required value',
      details: {
        name: "x",
        kind: "Pod",
        causes: [
          { reason: "FieldValueRequired", message: "Required value", field: "spec.containers" },
        ],
      },
    });
    expect(fixture.exists("pods", "x")).toBe(false);
  });

  it("refuses an object without a name", () => {
    const fixture = new RegistryFixture();
    const { status } = refusalOf(() => fixture.create("pods", { ...aPod(""), metadata: {} }));
    expect(status).toMatchObject({
      code: 422,
      message: 'Pod "" is invalid: metadata.name: Required value: name or generateName is required',
    });
  });

  it("changes nothing in a dry run, but says what would be", () => {
    const fixture = new RegistryFixture();
    const version = fixture.store.lastSequence;
    const pod = fixture.create<Pod>("pods", aPod("x"), { dryRun: true });
    expect(pod.metadata.uid).not.toBe("");
    expect(pod.metadata.resourceVersion).toBeUndefined();
    expect(pod.spec.serviceAccountName).toBe("default");
    expect(fixture.store.lastSequence).toBe(version);
    fixture.create("pods", aPod("x"));
    expect(refusalOf(() => fixture.create("pods", aPod("x"), { dryRun: true })).code).toBe(409);
  });

  it.each([
    ["Strict", 400, []],
    ["Warn", 201, ['unknown field "spec.foo"']],
    [undefined, 201, ['unknown field "spec.foo"']],
    ["Ignore", 201, []],
  ] as const)("unknown fields under fieldValidation %s", (fieldValidation, code, warnings) => {
    const fixture = new RegistryFixture();
    const body = {
      metadata: { name: "x" },
      spec: { containers: [{ name: "c", image: "i" }], foo: 1 },
    };
    const options = fieldValidation === undefined ? {} : { fieldValidation };
    const request = () => fixture.createResponse("pods", body, options);
    if (code === 400) {
      expect(refusalOf(request).status.message).toBe(
        'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.foo"',
      );
      return;
    }
    const response = request();
    expect(response.code).toBe(code);
    expect(response.warnings).toEqual(warnings);
    expect((response.body as Pod).spec).not.toHaveProperty("foo");
  });

  it("warns of what is accepted but hardly meant", () => {
    const fixture = new RegistryFixture();
    const { warnings } = fixture.createResponse("pods", {
      metadata: { name: "x.y" },
      spec: {
        nodeSelector: { "beta.kubernetes.io/os": "linux" },
        containers: [
          {
            name: "c",
            image: "i",
            env: [
              { name: "A", value: "1" },
              { name: "A", value: "2" },
            ],
            ports: [{ containerPort: 80 }, { containerPort: 80 }],
          },
        ],
      },
    });
    expect(warnings).toEqual([
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
      'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
      'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
      "spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]",
    ]);
  });

  it("tracks who owns which fields", () => {
    const fixture = new RegistryFixture();
    const pod = fixture.create<Pod>("pods", aPod("x"), { fieldManager: "kubectl-create" });
    expect(pod.metadata.managedFields).toEqual([
      expect.objectContaining({
        manager: "kubectl-create",
        operation: "Update",
        apiVersion: "v1",
        time: "2026-01-01T00:00:00Z",
      }),
    ]);
    expect(JSON.stringify(pod.metadata.managedFields)).not.toContain("tolerations");
  });
});

describe("what a kind makes of a new object", () => {
  it("a namespace is Active, held by its finalizer and labelled with its name", () => {
    const fixture = new RegistryFixture();
    const namespace = fixture.create<Namespace>("namespaces", { metadata: { name: "team" } });
    expect(namespace).toMatchObject({
      metadata: { labels: { "kubernetes.io/metadata.name": "team" } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
    expect(namespace.metadata.namespace).toBeUndefined();
  });

  it("a node keeps its first status and is not ready for pods", () => {
    const fixture = new RegistryFixture();
    const node = fixture.create<Node>("nodes", {
      metadata: { name: "node-1" },
      status: { capacity: { cpu: "4" } },
    });
    expect(node.status.capacity).toEqual({ cpu: "4" });
    expect(node.spec.taints).toEqual([
      { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
    ]);
  });

  it("a service gets an address that nobody has, the same one for the same seed", () => {
    const address = (): string | undefined =>
      new RegistryFixture().create<Service>("services", {
        metadata: { name: "s" },
        spec: { ports: [{ port: 80 }] },
      }).spec.clusterIP;
    expect(address()).toMatch(/^10\.(9[6-9]|10\d|11[01])\.\d+\.\d+$/);
    expect(address()).toBe(address());
  });

  it("API-20: a new PodDisruptionBudget starts to count at one", () => {
    const fixture = new RegistryFixture();
    const budget = fixture.create("poddisruptionbudgets.policy", {
      metadata: { name: "b" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "a" } } },
    });
    expect(budget).toMatchObject({
      metadata: { generation: 1 },
      status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
    });
  });
});

describe("bootstrap", () => {
  it("has the system namespaces with their accounts, the API's service and the system priorities", () => {
    const fixture = new RegistryFixture();
    const names = (storage: string, namespace = ""): string[] =>
      fixture.list(storage, {}, namespace).items.map(({ metadata }) => metadata.name);
    expect(names("namespaces")).toEqual([
      "default",
      "kube-node-lease",
      "kube-public",
      "kube-system",
    ]);
    expect(names("serviceaccounts")).toEqual(["default", "default", "default", "default"]);
    expect(names("priorityclasses.scheduling.k8s.io")).toEqual([
      "system-cluster-critical",
      "system-node-critical",
    ]);
    expect(fixture.get<Service>("services", "kubernetes").spec.clusterIP).toBe("10.96.0.1");
  });
});
