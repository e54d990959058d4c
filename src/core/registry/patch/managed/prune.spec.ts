import { describe, expect, it } from "vitest";
import { APP, applied, config, specOf, stored, updated } from "../testing/applications.js";
import { managedFieldsOf, owners } from "../testing/fixtures.js";

describe("apply of what an applier no longer wants", () => {
  const first = config({
    metadata: { labels: { a: "1", b: "1" }, finalizers: ["x.io/one", "x.io/two"] },
    spec: {
      containers: [APP, { name: "side", image: "busybox", env: [{ name: "A", value: "1" }] }],
      hostname: "h",
      tolerations: [{ key: "t" }],
    },
  });
  /** With a default that nobody owns in each container. */
  const live = (() => {
    const object = stored(applied({ live: null, applied: first }));
    const containers = (specOf(object)["containers"] as object[]).map((container) => ({
      ...container,
      imagePullPolicy: "Always",
    }));
    return { ...object, spec: { ...specOf(object), containers, dnsPolicy: "ClusterFirst" } };
  })();

  it.each<[string, object, object]>([
    [
      "a field",
      {
        spec: {
          containers: [APP, { name: "side", image: "busybox", env: [{ name: "A", value: "1" }] }],
          tolerations: [{ key: "t" }],
        },
      },
      { dnsPolicy: "ClusterFirst", tolerations: [{ key: "t" }] },
    ],
    [
      "an atomic list",
      { spec: { containers: [APP, { name: "side", image: "busybox" }], hostname: "h" } },
      { dnsPolicy: "ClusterFirst", hostname: "h" },
    ],
  ])("removes %s", (_name, fields, left) => {
    const { containers, ...spec } = specOf(applied({ live, applied: config(fields) }));
    expect(containers).toHaveLength(2);
    expect(spec).toEqual(left);
  });

  it("removes an element of a list with everything in it, defaults too", () => {
    const spec = specOf(applied({ live, applied: config({ spec: { containers: [APP] } }) }));
    expect(spec).toEqual({
      containers: [{ ...APP, imagePullPolicy: "Always" }],
      dnsPolicy: "ClusterFirst",
    });
  });

  it("removes keys of maps and elements of sets, and what they leave empty", () => {
    const metadata = { labels: { b: "1" }, finalizers: ["x.io/two"] };
    const kept = applied({ live, applied: config({ metadata, spec: { containers: [APP] } }) });
    expect(kept).toMatchObject({ metadata });
    const { metadata: emptied } = applied({ live, applied: config({}) }) as { metadata: object };
    expect(Object.keys(emptied)).toEqual(["name", "namespace", "uid", "resourceVersion"]);
  });

  it("leaves what another manager owns too", () => {
    const shared = applied({
      live,
      applied: config({ spec: { hostname: "h" } }),
      manager: "other",
    });
    const object = applied({ live: shared, applied: config({ spec: { containers: [APP] } }) });
    expect(specOf(object)["hostname"]).toBe("h");
    expect(owners(managedFieldsOf(object))["other Apply"]).toEqual([".spec.hostname"]);
  });

  it("leaves an element in which another manager owns something, without its own part", () => {
    const theirs = applied({
      live,
      applied: config({ spec: { containers: [{ name: "side", tty: true }] } }),
      manager: "other",
    });
    const object = applied({ live: theirs, applied: config({ spec: { containers: [APP] } }) });
    expect((specOf(object)["containers"] as object[])[1]).toEqual({
      name: "side",
      tty: true,
      imagePullPolicy: "Always",
    });
  });

  it("removes nothing that an update took over", () => {
    const next = { ...live, spec: { ...specOf(live), hostname: "other" } };
    const taken = updated(live, next, "admin");
    const object = applied({ live: taken, applied: config({ spec: { containers: [APP] } }) });
    expect(specOf(object)["hostname"]).toBe("other");
  });

  it("an applier of nothing leaves no entry", () => {
    const object = applied({ live, applied: config({}) });
    expect(managedFieldsOf(object)).toEqual([]);
  });
});
