import { describe, expect, it } from "vitest";
import type { Namespace, Pod } from "../api/index.js";
import type { DeleteOptions } from "./api-request.js";
import { aPod, refusalOf, RegistryFixture, statusBodyOf } from "./testing/registry-fixture.js";

const running = (): RegistryFixture => {
  const fixture = new RegistryFixture();
  fixture.create("pods", aPod("x", { terminationGracePeriodSeconds: 30 }));
  fixture.bind("x", "node-1");
  return fixture;
};

const setPhase = (fixture: RegistryFixture, phase: string): void => {
  const pod = fixture.get<Pod>("pods", "x");
  fixture.update("pods", "x", { ...pod, status: { ...pod.status, phase } }, "status");
};

describe("DELETE of a pod", () => {
  it.each<[string, DeleteOptions, number]>([
    ["the pod's own grace", {}, 30],
    ["the request's grace", { gracePeriodSeconds: 20 }, 20],
    ["a longer grace", { gracePeriodSeconds: 90 }, 90],
    ["a negative grace, which is one second", { gracePeriodSeconds: -5 }, 1],
  ])("API-14: waits for %s, with deletionTimestamp in the future", (_, options, seconds) => {
    const fixture = running();
    const response = fixture.delete("pods", "x", options);
    const pod = response.body as Pod;
    expect(response.code).toBe(200);
    expect(pod.kind).toBe("Pod");
    expect(pod.metadata.deletionGracePeriodSeconds).toBe(seconds);
    expect(Date.parse(pod.metadata.deletionTimestamp ?? "")).toBe(
      fixture.engine.nowMs + seconds * 1000,
    );
    expect(pod.metadata.generation).toBe(2);
    expect(fixture.exists("pods", "x")).toBe(true);
  });

  it.each<[string, (fixture: RegistryFixture) => void, DeleteOptions]>([
    ["grace 0 is asked for", () => undefined, { gracePeriodSeconds: 0 }],
    ["it succeeded", (fixture) => setPhase(fixture, "Succeeded"), {}],
    ["it failed", (fixture) => setPhase(fixture, "Failed"), { gracePeriodSeconds: 60 }],
  ])("API-13: is done at once when %s", (_, prepare, options) => {
    const fixture = running();
    prepare(fixture);
    fixture.delete("pods", "x", options);
    expect(fixture.exists("pods", "x")).toBe(false);
  });

  it("API-13: is done at once when it has no node, despite its grace", () => {
    const fixture = new RegistryFixture();
    fixture.create("pods", aPod("x", { terminationGracePeriodSeconds: 30 }));
    fixture.delete("pods", "x");
    expect(fixture.exists("pods", "x")).toBe(false);
  });

  it.each<[string, number, number, number, number, number]>([
    // asked first, seconds later, asked then, grace left, seconds from now until deletionTimestamp
    ["moves it earlier", 30, 2, 5, 5, 3],
    ["ignores a longer one", 30, 2, 60, 30, 28],
    ["ignores an equal one", 30, 2, 30, 30, 28],
    ["leaves one second when the time is over already", 30, 20, 10, 1, 0],
  ])("API-15: a second delete %s", (_, first, later, second, grace, left) => {
    const fixture = running();
    fixture.delete("pods", "x", { gracePeriodSeconds: first });
    fixture.pass(later);
    const { body } = fixture.delete("pods", "x", { gracePeriodSeconds: second });
    const { metadata } = body as Pod;
    expect(metadata.deletionGracePeriodSeconds).toBe(grace);
    expect(Date.parse(metadata.deletionTimestamp ?? "")).toBe(fixture.engine.nowMs + left * 1000);
    expect(metadata.generation).toBe(2);
  });

  it("API-15: a second delete without a grace changes nothing, one of 0 removes the pod", () => {
    const fixture = running();
    fixture.delete("pods", "x");
    const version = fixture.store.lastSequence;
    fixture.delete("pods", "x");
    expect(fixture.store.lastSequence).toBe(version);
    fixture.delete("pods", "x", { gracePeriodSeconds: 0 });
    expect(fixture.exists("pods", "x")).toBe(false);
  });

  it("API-16: finalizers hold it until the last one is taken away, with grace and node over", () => {
    const fixture = new RegistryFixture();
    fixture.create("pods", {
      ...aPod("x"),
      metadata: { name: "x", finalizers: ["example.com/a", "example.com/b"] },
    });
    fixture.delete("pods", "x", { gracePeriodSeconds: 0 });
    const held = fixture.get<Pod>("pods", "x");
    expect(held.metadata).toMatchObject({
      deletionTimestamp: "2026-01-01T00:00:00Z",
      deletionGracePeriodSeconds: 0,
    });
    fixture.patch("pods", "x", "merge", { metadata: { finalizers: ["example.com/b"] } });
    expect(fixture.exists("pods", "x")).toBe(true);
    fixture.patch("pods", "x", "merge", { metadata: { finalizers: null } });
    expect(fixture.exists("pods", "x")).toBe(false);
  });
});

describe("DELETE", () => {
  it("answers with a Status that names what is gone, for kinds that do not come back themselves", () => {
    const fixture = new RegistryFixture();
    fixture.create("configmaps", { metadata: { name: "c" } });
    const { uid } = fixture.get("configmaps", "c").metadata;
    const response = fixture.delete("configmaps", "c");
    expect(response).toEqual({
      code: 200,
      warnings: [],
      body: {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Success",
        details: { name: "c", kind: "configmaps", uid },
      },
    });
  });

  it("names the group of a kind that has one", () => {
    const fixture = new RegistryFixture();
    fixture.create("leases.coordination.k8s.io", { metadata: { name: "l" }, spec: {} });
    const { details } = statusBodyOf(fixture.delete("leases.coordination.k8s.io", "l"));
    expect(details).toMatchObject({ name: "l", group: "coordination.k8s.io", kind: "leases" });
  });

  it.each<[string, DeleteOptions, readonly string[] | undefined]>([
    ["Foreground", { propagationPolicy: "Foreground" }, ["foregroundDeletion"]],
    ["Orphan", { propagationPolicy: "Orphan" }, ["orphan"]],
    ["orphanDependents", { orphanDependents: true }, ["orphan"]],
    ["Background", { propagationPolicy: "Background" }, undefined],
    ["nothing", {}, undefined],
  ])("API-17: propagation %s sets its finalizer", (_, options, finalizers) => {
    const fixture = new RegistryFixture();
    fixture.create("configmaps", { metadata: { name: "c" } });
    fixture.delete("configmaps", "c", options);
    expect(fixture.exists("configmaps", "c")).toBe(finalizers !== undefined);
    if (finalizers === undefined) return;
    const { metadata } = fixture.get("configmaps", "c");
    expect(metadata.finalizers).toEqual(finalizers);
    expect(metadata.deletionTimestamp).toBe("2026-01-01T00:00:00Z");
  });

  it("answers 202 only to who asked in the old way for what goes on in the background", () => {
    const fixture = new RegistryFixture();
    fixture.create("configmaps", { metadata: { name: "c", finalizers: ["example.com/a"] } });
    expect(fixture.delete("configmaps", "c", { orphanDependents: false }).code).toBe(202);
    expect(fixture.delete("configmaps", "c", {}).code).toBe(200);
  });

  it.each<[string, DeleteOptions, string]>([
    [
      "another uid",
      { preconditions: { uid: "other" } },
      "the UID in the precondition (other) does not match the UID in record (",
    ],
    [
      "another version",
      { preconditions: { resourceVersion: "1" } },
      "the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (",
    ],
  ])("API-5: is refused for %s", (_, options, why) => {
    const fixture = new RegistryFixture();
    fixture.create("pods", aPod("x"));
    const { status } = refusalOf(() => fixture.delete("pods", "x", options));
    expect(status).toMatchObject({ code: 409, reason: "Conflict" });
    expect(status.message).toContain(`Operation cannot be fulfilled on Pod "x": ${why}`);
    expect(fixture.exists("pods", "x")).toBe(true);
  });

  it("refuses options that contradict each other", () => {
    const fixture = new RegistryFixture();
    const { status } = refusalOf(() =>
      fixture.delete("pods", "x", { orphanDependents: true, propagationPolicy: "Orphan" }),
    );
    expect(status.message).toBe(
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    );
  });

  it("of what is not there is a 404, also in a dry run", () => {
    const fixture = new RegistryFixture();
    for (const dryRun of [false, true]) {
      const { status } = refusalOf(() => fixture.delete("pods", "x", { dryRun }));
      expect(status).toMatchObject({ code: 404, message: 'pods "x" not found' });
    }
  });

  it("changes nothing in a dry run", () => {
    const fixture = running();
    const version = fixture.store.lastSequence;
    const { body } = fixture.delete("pods", "x", { dryRun: true });
    expect((body as Pod).metadata.deletionGracePeriodSeconds).toBe(30);
    fixture.delete("pods", "x", { dryRun: true, gracePeriodSeconds: 0 });
    expect(fixture.store.lastSequence).toBe(version);
  });
});

describe("DELETE of a namespace", () => {
  it("leaves it Terminating until its spec is finalized", () => {
    const fixture = new RegistryFixture();
    fixture.create("namespaces", { metadata: { name: "team" } });
    const { body } = fixture.delete("namespaces", "team");
    expect(body).toMatchObject({ kind: "Namespace", status: { phase: "Terminating" } });
    const namespace = fixture.get<Namespace>("namespaces", "team");
    fixture.update("namespaces", "team", { ...namespace, spec: { finalizers: [] } }, "finalize");
    expect(fixture.exists("namespaces", "team")).toBe(false);
  });

  it.each(["default", "kube-system", "kube-public"])("refuses %s", (name) => {
    const fixture = new RegistryFixture();
    const { status } = refusalOf(() => fixture.delete("namespaces", name));
    expect(status).toMatchObject({
      code: 403,
      message: `namespaces "${name}" is forbidden: this namespace may not be deleted`,
    });
  });
});

describe("DELETE of a collection", () => {
  it("deletes what is selected and answers with the list", () => {
    const fixture = new RegistryFixture();
    for (const name of ["a", "b", "c"]) {
      fixture.create("configmaps", { metadata: { name, labels: { keep: String(name === "b") } } });
    }
    const response = fixture.registry.execute({
      verb: "deletecollection",
      resource: fixture.resource("configmaps"),
      namespace: "default",
      list: { labelSelector: "keep=false" },
      options: {},
    });
    expect(response.body).toMatchObject({
      kind: "ConfigMapList",
      items: [{ metadata: { name: "a" } }, { metadata: { name: "c" } }],
    });
    expect(fixture.list("configmaps").items.map(({ metadata }) => metadata.name)).toEqual(["b"]);
  });
});
