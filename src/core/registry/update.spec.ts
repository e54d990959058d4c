import { describe, expect, it } from "vitest";
import type { ConfigMap, Lease, Node, Pod } from "../api/index.js";
import { withoutFields } from "./without-fields.js";
import { aPod, refusalOf, RegistryFixture } from "./testing/registry-fixture.js";

const withPod = (): { readonly fixture: RegistryFixture; readonly pod: Pod } => {
  const fixture = new RegistryFixture();
  return { fixture, pod: fixture.create<Pod>("pods", aPod("x")) };
};

describe("PUT", () => {
  it("API-5: refuses a version that is not the current one, and goes on with none at all", () => {
    const { fixture, pod } = withPod();
    const labelled = { ...pod, metadata: { ...pod.metadata, labels: { a: "1" } } };
    const updated = fixture.update<Pod>("pods", "x", labelled);
    expect(updated.metadata.resourceVersion).toBe(String(fixture.store.lastSequence));
    const stale = refusalOf(() => fixture.update("pods", "x", labelled)).status;
    expect(stale).toMatchObject({
      code: 409,
      reason: "Conflict",
      message:
        'Operation cannot be fulfilled on pods "x": the object has been modified; please apply your changes to the latest version and try again',
    });
    const metadata = withoutFields(updated.metadata, "resourceVersion");
    const last = { ...updated, metadata: { ...metadata, labels: { a: "2" } } };
    expect(fixture.update<Pod>("pods", "x", last).metadata.labels).toEqual({ a: "2" });
  });

  it("API-5: refuses another uid", () => {
    const { fixture, pod } = withPod();
    const other = { ...pod, metadata: { ...pod.metadata, uid: "other" } };
    const { status } = refusalOf(() => fixture.update("pods", "x", other));
    expect(status.code).toBe(409);
    expect(status.message).toBe(
      `Operation cannot be fulfilled on pods "x": StorageError: invalid object, Code: 4, Key: /registry/pods/default/x, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: other, UID in object meta: ${pod.metadata.uid}`,
    );
  });

  it("API-5: a kind that insists on a version is refused without one", () => {
    const fixture = new RegistryFixture();
    const lease = fixture.create<Lease>("leases.coordination.k8s.io", {
      metadata: { name: "l" },
      spec: { holderIdentity: "a" },
    });
    const metadata = withoutFields(lease.metadata, "resourceVersion");
    const { status } = refusalOf(() =>
      fixture.update("leases.coordination.k8s.io", "l", { ...lease, metadata }),
    );
    expect(status).toMatchObject({
      code: 422,
      message:
        'leases.coordination.k8s.io "l" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    });
  });

  it("API-4: refuses a body of another name, or of none", () => {
    const { fixture, pod } = withPod();
    const named = (name: string) => ({ ...pod, metadata: { ...pod.metadata, name } });
    expect(refusalOf(() => fixture.update("pods", "x", named("y"))).status).toMatchObject({
      code: 400,
      message: "the name of the object (y) does not match the name on the URL (x)",
    });
    expect(refusalOf(() => fixture.update("pods", "x", named(""))).status.message).toBe(
      "the name of the object (x based on URL) was undeterminable: name must be provided",
    );
  });

  it("API-5: of what is not there is a 404 for a pod, and makes a lease", () => {
    const fixture = new RegistryFixture();
    const { status } = refusalOf(() => fixture.update("pods", "x", aPod("x")));
    expect(status).toMatchObject({ code: 404, message: 'pods "x" not found' });
    const lease = fixture.update("leases.coordination.k8s.io", "l", {
      metadata: { name: "l" },
      spec: { holderIdentity: "a" },
    });
    expect(lease.metadata.uid).not.toBe("");
    expect(fixture.exists("leases.coordination.k8s.io", "l")).toBe(true);
  });

  it("API-10: what changes nothing makes no revision, and answers with what is there", () => {
    const { fixture, pod } = withPod();
    const version = fixture.store.lastSequence;
    fixture.pass(60);
    const same = fixture.update<Pod>("pods", "x", JSON.parse(JSON.stringify(pod)));
    expect(fixture.store.lastSequence).toBe(version);
    expect(same.metadata.resourceVersion).toBe(pod.metadata.resourceVersion);
  });

  it("API-17: keeps uid, creation and deletion times whatever the body says", () => {
    const { fixture, pod } = withPod();
    fixture.bind("x", "node-1");
    fixture.delete("pods", "x", { gracePeriodSeconds: 30 });
    const before = fixture.get<Pod>("pods", "x").metadata;
    const after = fixture.update<Pod>("pods", "x", {
      ...pod,
      spec: fixture.get<Pod>("pods", "x").spec,
      metadata: {
        name: "x",
        creationTimestamp: "2001-01-01T00:00:00Z",
        generation: 99,
        labels: { a: "1" },
      },
    }).metadata;
    for (const key of [
      "uid",
      "creationTimestamp",
      "deletionTimestamp",
      "deletionGracePeriodSeconds",
      "generation",
    ] as const) {
      expect(after[key]).toEqual(before[key]);
    }
    expect(after.labels).toEqual({ a: "1" });
  });

  it("API-24: counts a change of the spec, not one of metadata or status", () => {
    const { fixture, pod } = withPod();
    const relabelled = fixture.update<Pod>("pods", "x", {
      ...pod,
      metadata: { ...pod.metadata, labels: { a: "1" } },
    });
    expect(relabelled.metadata.generation).toBe(1);
    const [container] = relabelled.spec.containers;
    const changed = fixture.update<Pod>("pods", "x", {
      ...relabelled,
      spec: { ...relabelled.spec, containers: [{ ...container, image: "busybox:2" }] },
    });
    expect(changed.metadata.generation).toBe(2);
  });

  it("changes nothing in a dry run", () => {
    const { fixture, pod } = withPod();
    const version = fixture.store.lastSequence;
    const labelled = { ...pod, metadata: { ...pod.metadata, labels: { a: "1" } } };
    const answer = fixture.update<Pod>("pods", "x", labelled, undefined, { dryRun: true });
    expect(answer.metadata.labels).toEqual({ a: "1" });
    expect(answer.metadata.resourceVersion).toBe(pod.metadata.resourceVersion);
    expect(fixture.store.lastSequence).toBe(version);
  });

  it("shares with the stored object all that stayed the same", () => {
    const { fixture, pod } = withPod();
    const wire = JSON.parse(JSON.stringify(pod)) as Pod;
    wire.metadata.labels = { a: "1" };
    const updated = fixture.update<Pod>("pods", "x", wire);
    expect(updated.spec).toBe(pod.spec);
    expect(updated.status).toBe(pod.status);
  });
});

describe("owner references", () => {
  it("API-17: are kept once, with a warning", () => {
    const fixture = new RegistryFixture();
    const response = fixture.createResponse("configmaps", {
      metadata: { name: "c", ownerReferences: [owner, { ...owner }] },
    });
    expect((response.body as ConfigMap).metadata.ownerReferences).toHaveLength(1);
    expect(response.warnings).toEqual([
      ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: u",
    ]);
  });
});

describe("PUT of the status", () => {
  it("API-18: changes neither spec nor owners, and the main endpoint no status", () => {
    const { fixture, pod } = withPod();
    const both = {
      ...pod,
      metadata: { ...pod.metadata, ownerReferences: [owner] },
      spec: { ...pod.spec, nodeName: "elsewhere" },
      status: { ...pod.status, phase: "Running" },
    };
    const reported = fixture.update<Pod>("pods", "x", both, "status");
    expect(reported.status.phase).toBe("Running");
    expect(reported.spec).toBe(pod.spec);
    expect(reported.metadata.ownerReferences).toBeUndefined();
    const updated = fixture.update<Pod>("pods", "x", {
      ...reported,
      metadata: { ...reported.metadata, labels: { a: "1" } },
      status: { phase: "Failed" },
    });
    expect(updated.status.phase).toBe("Running");
  });

  it("DEF-12: keeps the QoS class when a kubelet drops it", () => {
    const { fixture, pod } = withPod();
    const reported = fixture.update<Pod>(
      "pods",
      "x",
      { ...pod, status: { phase: "Failed" } },
      "status",
    );
    expect(reported.status).toEqual({ phase: "Failed", qosClass: "BestEffort" });
  });

  it("keeps the spec of a node, and the status on the main endpoint", () => {
    const fixture = new RegistryFixture();
    const node = fixture.create<Node>("nodes", {
      metadata: { name: "n" },
      status: { capacity: { cpu: "4" } },
    });
    const cordoned = { ...node, spec: { unschedulable: true }, status: { capacity: { cpu: "8" } } };
    const reported = fixture.update<Node>("nodes", "n", cordoned, "status");
    expect(reported.spec).toEqual(node.spec);
    expect(reported.status.capacity).toEqual({ cpu: "8" });
    const updated = fixture.update<Node>("nodes", "n", {
      ...reported,
      spec: { unschedulable: true },
      status: {},
    });
    expect(updated.spec).toEqual({ unschedulable: true });
    expect(updated.status.capacity).toEqual({ cpu: "8" });
  });
});

describe("PATCH", () => {
  it.each([
    ["merge", { metadata: { labels: { a: "1" } } }],
    ["strategic", { metadata: { labels: { a: "1" } } }],
    ["json", [{ op: "add", path: "/metadata/labels", value: { a: "1" } }]],
  ] as const)("API-12: %s", (type, body) => {
    const { fixture, pod } = withPod();
    const patched = fixture.patch<Pod>("pods", "x", type, body, { fieldManager: "m" });
    expect(patched.metadata.labels).toEqual({ a: "1" });
    expect(patched.spec).toBe(pod.spec);
    expect(patched.metadata.managedFields?.map(({ manager }) => manager)).toContain("m");
  });

  it("API-12: strategic merges containers by name", () => {
    const { fixture } = withPod();
    const patched = fixture.patch<Pod>("pods", "x", "strategic", {
      spec: { containers: [{ name: "app", image: "busybox:2" }] },
    });
    expect(patched.spec.containers).toHaveLength(1);
    expect(patched.spec.containers[0]).toMatchObject({ name: "app", image: "busybox:2" });
    expect(patched.metadata.generation).toBe(2);
  });

  it("API-12: apply makes what is not there, then owns it and conflicts with others", () => {
    const fixture = new RegistryFixture();
    const configuration = (value: string) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c" },
      data: { key: value },
    });
    const made = fixture.patch<ConfigMap>("configmaps", "c", "apply", configuration("1"), {
      fieldManager: "one",
    });
    expect(made.metadata.uid).not.toBe("");
    expect(made.metadata.managedFields).toMatchObject([{ manager: "one", operation: "Apply" }]);
    const { status } = refusalOf(() =>
      fixture.patch("configmaps", "c", "apply", configuration("2"), { fieldManager: "two" }),
    );
    expect(status).toMatchObject({ code: 409, reason: "Conflict" });
    const forced = fixture.patch<ConfigMap>("configmaps", "c", "apply", configuration("2"), {
      fieldManager: "two",
      force: true,
    });
    expect(forced.data).toEqual({ key: "2" });
  });

  it("of the status leaves the rest alone, and owns it apart", () => {
    const { fixture, pod } = withPod();
    const patched = fixture.patch<Pod>(
      "pods",
      "x",
      "strategic",
      { metadata: { labels: { a: "1" } }, status: { phase: "Running" }, spec: { nodeName: "n" } },
      { subresource: "status", fieldManager: "kubelet" },
    );
    expect(patched.status.phase).toBe("Running");
    expect(patched.spec).toBe(pod.spec);
    expect(patched.metadata.managedFields).toContainEqual(
      expect.objectContaining({ manager: "kubelet", subresource: "status" }),
    );
  });

  it("API-5: takes a resourceVersion in the patch as a condition", () => {
    const { fixture, pod } = withPod();
    const body = { metadata: { resourceVersion: "1", labels: { a: "1" } } };
    expect(refusalOf(() => fixture.patch("pods", "x", "merge", body)).code).toBe(409);
    body.metadata.resourceVersion = pod.metadata.resourceVersion;
    expect(fixture.patch<Pod>("pods", "x", "merge", body).metadata.labels).toEqual({ a: "1" });
  });

  it("API-10: one that changes nothing makes no revision", () => {
    const { fixture, pod } = withPod();
    const version = fixture.store.lastSequence;
    expect(fixture.patch("pods", "x", "merge", {})).toBe(pod);
    expect(fixture.patch("pods", "x", "strategic", { spec: { nodeName: null } })).toBe(pod);
    expect(fixture.store.lastSequence).toBe(version);
  });

  it("of what is not there is a 404", () => {
    const fixture = new RegistryFixture();
    const { status } = refusalOf(() => fixture.patch("pods", "x", "merge", {}));
    expect(status).toMatchObject({ code: 404, message: 'pods "x" not found' });
  });

  it("says that it is the patch that does not decode", () => {
    const { fixture } = withPod();
    const wrong = refusalOf(() =>
      fixture.patch("pods", "x", "strategic", { spec: { nodeName: 5 } }),
    ).status;
    expect(wrong).toMatchObject({
      code: 422,
      message:
        ' "" is invalid: patch: Invalid value: "map[spec:map[nodeName:5]]": json: cannot unmarshal number into Go struct field PodSpec.spec.nodeName of type string',
    });
    const unknown = refusalOf(() =>
      fixture.patch("pods", "x", "strategic", { spec: { foo: 1 } }, { fieldValidation: "Strict" }),
    ).status;
    expect(unknown.message).toBe(
      ' "" is invalid: patch: Invalid value: "map[spec:map[foo:1]]": strict decoding error: unknown field "spec.foo"',
    );
  });

  it("refuses a subresource that can not be patched", () => {
    const { fixture } = withPod();
    const { status } = refusalOf(() =>
      fixture.patch("pods", "x", "merge", {}, { subresource: "binding" }),
    );
    expect(status.code).toBe(405);
  });
});

const owner = { apiVersion: "v1", kind: "ConfigMap", name: "o", uid: "u" };
