import { describe, expect, it } from "vitest";
import type { ConfigMap, Namespace, Pod } from "../api/index.js";
import { EventRecorder, Informer, SeriesEventRecorder } from "../client/index.js";
import type { Call } from "../engine/index.js";
import { aPod, RegistryFixture } from "./testing/registry-fixture.js";

describe("LocalClient", () => {
  it("writes in the name of its component", () => {
    const { client, run } = bound();
    const pod = run(client.create<Pod>("pods", "default", aPod("x")));
    expect(pod.metadata.managedFields).toMatchObject([{ manager: "test-component" }]);
  });

  it("makes every call of the seam", () => {
    const { client, run, fixture } = bound();
    const made = run(
      client.create<ConfigMap>("configmaps", "default", { metadata: { name: "c" } }),
    );
    const updated = run(client.update<ConfigMap>("configmaps", { ...made, data: { a: "1" } }));
    expect(run(client.get<ConfigMap>("configmaps", "default", "c"))).toBe(updated);
    expect(run(client.list("configmaps", { labelSelector: "x=y" }))).toEqual([]);
    const patched = run(
      client.patch<ConfigMap>("configmaps", "default", "c", {
        type: "merge",
        body: { data: { b: "2" } },
      }),
    );
    expect(patched.data).toEqual({ a: "1", b: "2" });
    const stale = { uid: made.metadata.uid, resourceVersion: made.metadata.resourceVersion };
    expect(() => run(client.delete("configmaps", "default", "c", stale))).toThrow(
      "the ResourceVersion in the precondition",
    );
    run(client.delete("configmaps", "default", "c", { uid: made.metadata.uid }));
    expect(() => run(client.get("configmaps", "default", "c"))).toThrow('configmaps "c" not found');
    const namespace = run(client.get<Namespace>("namespaces", "", "kube-node-lease"));
    run(client.delete("namespaces", "", "kube-node-lease"));
    expect(() =>
      run(client.updateSubresource("namespaces", "finalize", { ...namespace, spec: {} })),
    ).toThrow("the object has been modified");
    const going = run(client.get<Namespace>("namespaces", "", "kube-node-lease"));
    run(client.updateSubresource("namespaces", "finalize", { ...going, spec: {} }));
    expect(fixture.exists("namespaces", "kube-node-lease")).toBe(false);
  });

  it("shows a kubelet only the pods of its node, from the moment they are bound", () => {
    const { client, fixture } = bound();
    const informer = new Informer<Pod>(client, "pods", { fieldSelector: "spec.nodeName=node-1" });
    const seen: string[] = [];
    informer.addHandlers({
      onAdd: (pod) => seen.push(`add ${pod.metadata.name}`),
      onUpdate: (pod) => seen.push(`update ${pod.status.phase ?? ""}`),
      onDelete: (pod) => seen.push(`delete ${pod.metadata.name}`),
    });
    informer.start();
    fixture.create("pods", aPod("x"));
    fixture.create("pods", aPod("elsewhere"));
    fixture.bind("x", "node-1");
    fixture.bind("elsewhere", "node-2");
    fixture.engine.settle();
    expect(seen).toEqual(["add x"]);
    expect(informer.hasSynced).toBe(true);
    const pod = fixture.get<Pod>("pods", "x");
    fixture.update("pods", "x", { ...pod, status: { ...pod.status, phase: "Running" } }, "status");
    // The last state is written before the pod goes: watchers see both.
    fixture.delete("pods", "x", { gracePeriodSeconds: 0 });
    fixture.engine.settle();
    expect(seen).toEqual(["add x", "update Running", "update Running", "delete x"]);
  });

  it("puts records in the one order", () => {
    const { client, fixture } = bound();
    const before = fixture.store.lastSequence;
    const cursor = client.record({
      type: "log",
      namespace: "default",
      pod: "x",
      uid: "u",
      node: "n",
      container: "c",
      stream: "stdout",
      line: "hello",
    });
    expect(cursor).toBe(before + 1);
    expect(fixture.create("configmaps", { metadata: { name: "c" } }).metadata.resourceVersion).toBe(
      String(before + 2),
    );
  });

  it("EVT-1, EVT-5: carries the events of both recorders to the registry", () => {
    const { client, fixture } = bound();
    const { engine } = fixture;
    const regarding = { kind: "Pod", namespace: "default", name: "x", uid: "u", apiVersion: "v1" };
    const kubelet = new EventRecorder({ engine, client, component: "kubelet", host: "node-1" });
    const scheduler = new SeriesEventRecorder({
      engine,
      client,
      reportingController: "default-scheduler",
      hostname: "control-plane",
    });
    for (let count = 0; count < 3; count += 1) {
      kubelet.emit(regarding, "Warning", "BackOff", "Back-off pulling image");
      scheduler.emit({
        regarding,
        type: "Warning",
        reason: "FailedScheduling",
        action: "Scheduling",
        note: "0/1 nodes are available",
      });
    }
    engine.settle();
    expect(fixture.list("events").items).toMatchObject([
      { reason: "BackOff", count: 3, source: { component: "kubelet", host: "node-1" } },
      { reason: "FailedScheduling", series: { count: 2 }, reportingComponent: "default-scheduler" },
    ]);
  });
});

const bound = () => {
  const fixture = new RegistryFixture();
  return {
    fixture,
    client: fixture.client,
    run: <T>(call: Call<T>): T => fixture.run(call),
  };
};
