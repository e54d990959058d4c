import { describe, expect, it } from "vitest";
import { APP, applied, apply, config, specOf, stored, updated } from "../testing/applications.js";
import { managedFieldsOf, owners, refusalText } from "../testing/fixtures.js";

describe("apply of an object that is not there", () => {
  it("makes it, owned by its applier alone", () => {
    const object = applied({ live: null, applied: config({ spec: { containers: [APP] } }) });
    expect(object).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: "a",
        namespace: "default",
        managedFields: [
          {
            manager: "me",
            operation: "Apply",
            apiVersion: "v1",
            time: "1970-01-01T00:00:10Z",
            fieldsType: "FieldsV1",
            fieldsV1: {
              "f:spec": {
                "f:containers": { 'k:{"name":"app"}': { ".": {}, "f:image": {}, "f:name": {} } },
              },
            },
          },
        ],
      },
      spec: { containers: [APP] },
    });
  });

  it("owns what is empty or null, except lists without elements", () => {
    const spec = {
      securityContext: {},
      nodeSelector: null,
      affinity: {},
      containers: [],
      command: undefined,
    };
    const object = applied({ live: null, applied: config({ spec }) });
    expect(owners(managedFieldsOf(object))).toEqual({
      "me Apply": [".spec.affinity", ".spec.nodeSelector", ".spec.securityContext"],
    });
    expect(specOf(object)).not.toHaveProperty("nodeSelector");
  });

  it("owns no status", () => {
    const object = applied({
      live: null,
      applied: config({ spec: { hostname: "h" }, status: { phase: "Running" } }),
    });
    expect(owners(managedFieldsOf(object))).toEqual({ "me Apply": [".spec.hostname"] });
  });

  it("calls an applier without a name unknown", () => {
    const object = applied({
      live: null,
      applied: config({ spec: { hostname: "h" } }),
      manager: "",
    });
    expect(managedFieldsOf(object)[0]?.manager).toBe("unknown");
  });
});

describe("apply again", () => {
  const configuration = config({ metadata: { labels: { a: "1" } }, spec: { containers: [APP] } });
  const live = stored(applied({ live: null, applied: configuration }));

  it("the same changes nothing at all, the time neither", () => {
    expect(applied({ live, applied: configuration, nowMs: 99_000 })).toBe(live);
  });

  it("something else renews the time", () => {
    const object = applied({
      live,
      applied: config({ spec: { containers: [APP], hostname: "h" } }),
      nowMs: 99_000,
    });
    expect(managedFieldsOf(object)[0]?.time).toBe("1970-01-01T00:01:39Z");
  });

  it("shares what did not change", () => {
    const object = applied({
      live,
      applied: config({
        metadata: { labels: { a: "1" } },
        spec: { containers: [APP], hostname: "h" },
      }),
    });
    expect(specOf(object)["containers"]).toBe(specOf(live)["containers"]);
  });
});

describe("apply to lists", () => {
  const live = stored(
    updated(
      null,
      config({
        spec: {
          containers: [{ name: "a" }, { name: "b" }, { name: "c" }],
          hostAliases: [{ ip: "1.1.1.1", hostnames: ["x"] }],
        },
      }),
      "creator",
    ),
  );
  const names = (object: object): string[] =>
    (specOf(object)["containers"] as { name: string }[]).map(({ name }) => name);

  it.each([
    ["keeps the live order of what is not applied", ["b"], ["a", "b", "c"]],
    ["takes the applied order of shared elements", ["c", "a"], ["b", "c", "a"]],
    ["places what is new where it is applied", ["a", "x", "b"], ["a", "x", "b", "c"]],
    ["puts what is new before the next shared one", ["x", "c"], ["a", "b", "x", "c"]],
    ["puts what is new and last at the end", ["c", "y"], ["a", "b", "c", "y"]],
  ])("%s", (_title, order, expected) => {
    const containers = order.map((name) => ({ name }));
    expect(names(applied({ live, applied: config({ spec: { containers } }) }))).toEqual(expected);
  });

  it("merges by key, and replaces atomic lists whole", () => {
    const spec = { hostAliases: [{ ip: "1.1.1.1", hostnames: ["y"] }, { ip: "2.2.2.2" }] };
    const object = applied({ live, applied: config({ spec }), force: true });
    expect(specOf(object)["hostAliases"]).toEqual(spec.hostAliases);
  });

  it("merges sets, the applied elements in their order", () => {
    const finalizers = updated(
      null,
      config({ metadata: { finalizers: ["x.io/a", "x.io/b"] } }),
      "creator",
    );
    const object = applied({
      live: finalizers,
      applied: config({ metadata: { finalizers: ["x.io/c", "x.io/b"] } }),
    });
    expect(object).toMatchObject({ metadata: { finalizers: ["x.io/a", "x.io/c", "x.io/b"] } });
  });
});

describe("apply to an object that nobody tracked", () => {
  it("gives what was there to before-first-apply", () => {
    const live = {
      ...config({ spec: { containers: [APP], hostname: "h" } }),
      status: { phase: "Running" },
    };
    const object = applied({ live, applied: config({ spec: { hostname: "h", priority: 1 } }) });
    expect(owners(managedFieldsOf(object))).toEqual({
      "me Apply": [".spec.hostname", ".spec.priority"],
      "before-first-apply Update": [
        '.spec.containers[name="app"]',
        '.spec.containers[name="app"].image',
        '.spec.containers[name="app"].name',
        ".spec.hostname",
      ],
    });
    expect(refusalText(() => apply({ live, applied: config({ spec: { hostname: "x" } }) }))).toBe(
      '409 Conflict: Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .spec.hostname',
    );
  });
});
