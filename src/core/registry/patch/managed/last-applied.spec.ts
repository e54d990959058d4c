import { describe, expect, it } from "vitest";
import { APP, applied, apply, config, specOf, stored, updated } from "../testing/applications.js";
import { managedFieldsOf, owners, refusal, refusalText } from "../testing/fixtures.js";

describe("kubectl's move from client-side apply", () => {
  const ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
  const before = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a" },
    spec: { hostname: "h", containers: [APP] },
  };
  const live = stored(
    updated(
      null,
      config({
        metadata: { annotations: { [ANNOTATION]: JSON.stringify(before) } },
        spec: { hostname: "h", containers: [APP], priority: 1 },
      }),
      "kubectl-client-side-apply",
    ),
  );

  it("meets no conflict over what client-side apply set, and keeps the annotation in step", () => {
    const wanted = config({
      metadata: { annotations: { note: "<b>" } },
      spec: { hostname: "new", containers: [APP] },
    });
    const { object, conflicts } = apply({ live, applied: wanted, manager: "kubectl" });
    expect(conflicts.map(({ field }) => field)).toEqual([".spec.hostname"]);
    const { annotations } = (object as { metadata: { annotations: Record<string, string> } })
      .metadata;
    expect(annotations[ANNOTATION]).toBe(
      '{"apiVersion":"v1","kind":"Pod","metadata":{"annotations":{"note":"\\u003cb\\u003e"},"name":"a","namespace":"default"},"spec":{"containers":[{"image":"nginx:1","name":"app"}],"hostname":"new"}}\n',
    );
    expect(owners(managedFieldsOf(object))["kubectl Apply"]).not.toContain(
      `.metadata.annotations.${ANNOTATION}`,
    );
  });

  it("leaves its own annotation out of the annotation", () => {
    const annotations = { [ANNOTATION]: "mine" };
    const object = applied({
      live,
      applied: config({ metadata: { annotations }, spec: { containers: [APP] } }),
      manager: "kubectl",
      force: true,
    });
    expect(object).toMatchObject({
      metadata: {
        annotations: {
          [ANNOTATION]:
            '{"apiVersion":"v1","kind":"Pod","metadata":{"annotations":{},"name":"a","namespace":"default"},"spec":{"containers":[{"image":"nginx:1","name":"app"}]}}\n',
        },
      },
    });
  });

  it("drops an annotation that would be too long", () => {
    const note = "x".repeat(200_000);
    const object = applied({
      live,
      applied: config({ metadata: { annotations: { note } } }),
      manager: "kubectl",
    });
    expect(object).toMatchObject({ metadata: { annotations: { note } } });
    expect(
      (object as { metadata: { annotations: object } }).metadata.annotations,
    ).not.toHaveProperty([ANNOTATION]);
  });

  it("does not help over what client-side apply did not set", () => {
    expect(
      refusalText(() =>
        apply({
          live,
          applied: config({ spec: { hostname: "new", priority: 2 } }),
          manager: "kubectl",
        }),
      ),
    ).toBe(
      '409 Conflict: Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .spec.priority',
    );
  });

  it("does not help over what has changed since", () => {
    const changed = updated(
      live,
      { ...live, spec: { ...specOf(live), hostname: "edited" } },
      "kubectl-edit",
    );
    expect(
      refusalText(() =>
        apply({
          live: changed,
          applied: config({ spec: { hostname: "new" } }),
          manager: "kubectl",
        }),
      ),
    ).toBe(
      '409 Conflict: Apply failed with 1 conflict: conflict with "kubectl-edit" using v1: .spec.hostname',
    );
  });

  it("is kubectl's alone", () => {
    expect(
      refusal(() => apply({ live, applied: config({ spec: { hostname: "new" } }), manager: "me" }))
        .code,
    ).toBe(409);
  });

  it.each([
    ["no JSON", "nonsense"],
    ["no object", "1"],
    ["of another version", '{"apiVersion":"v2","kind":"Pod","spec":{"hostname":"h"}}'],
    ["of another shape", '{"apiVersion":"v1","kind":"Pod","spec":{"hostname":1}}'],
  ])("is not made with an annotation that is %s", (_title, text) => {
    const broken = {
      ...live,
      metadata: { ...(live as { metadata: object }).metadata, annotations: { [ANNOTATION]: text } },
    };
    expect(
      refusal(() =>
        apply({ live: broken, applied: config({ spec: { hostname: "new" } }), manager: "kubectl" }),
      ).code,
    ).toBe(409);
  });
});
