import { describe, expect, it } from "vitest";
import { APP, applied, apply, config, specOf, stored, updated } from "../testing/applications.js";
import { managedFieldsOf, owners, refusal, refusalText } from "../testing/fixtures.js";

describe("apply over what others wrote", () => {
  const live = stored(
    updated(
      null,
      config({
        metadata: { labels: { tier: "web" } },
        spec: { containers: [{ ...APP, tty: true }], hostname: "h" },
      }),
      "kubectl-client-side-apply",
    ),
  );

  it("merges what is new", () => {
    const object = applied({
      live,
      applied: config({
        metadata: { labels: { app: "x" } },
        spec: { containers: [{ name: "app", stdin: true }] },
      }),
    });
    expect(object).toMatchObject({
      metadata: { uid: "1", labels: { tier: "web", app: "x" } },
      spec: { hostname: "h", containers: [{ ...APP, tty: true, stdin: true }] },
    });
    expect(owners(managedFieldsOf(object))["me Apply"]).toEqual([
      ".metadata.labels.app",
      '.spec.containers[name="app"]',
      '.spec.containers[name="app"].name',
      '.spec.containers[name="app"].stdin',
    ]);
  });

  it("refuses to change what another manager owns", () => {
    const error = refusal(() =>
      apply({
        live,
        applied: config({ spec: { containers: [{ name: "app", image: "nginx:2" }] } }),
      }),
    );
    expect(error.status).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message:
        'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .spec.containers[name="app"].image',
      reason: "Conflict",
      details: {
        causes: [
          {
            reason: "FieldManagerConflict",
            message: 'conflict with "kubectl-client-side-apply" using v1',
            field: '.spec.containers[name="app"].image',
          },
        ],
      },
      code: 409,
    });
  });

  it("names every conflict, by manager", () => {
    const withStatus = updated(
      live,
      { ...live, status: { phase: "Running" }, spec: { ...specOf(live), priority: 1 } },
      "admin",
    );
    const theirs = applied({
      live: withStatus,
      applied: config({ spec: { dnsPolicy: "None" } }),
      manager: "other",
    });
    const spec = {
      containers: [{ name: "app", image: "2", tty: false }],
      priority: 2,
      dnsPolicy: "Default",
    };
    const error = refusal(() => apply({ live: theirs, applied: config({ spec }) }));
    expect(error.message).toBe(
      [
        'Apply failed with 4 conflicts: conflicts with "admin" using v1:',
        "- .spec.priority",
        'conflicts with "kubectl-client-side-apply" using v1:',
        '- .spec.containers[name="app"].image',
        '- .spec.containers[name="app"].tty',
        'conflicts with "other":',
        "- .spec.dnsPolicy",
      ].join("\n"),
    );
    expect(error.status.details?.causes).toHaveLength(4);
  });

  it("names the subresource through which another manager wrote", () => {
    const scaled = updated(live, { ...live, status: { phase: "Running" } }, "kubelet", "status");
    expect(
      refusalText(() =>
        apply({
          live: scaled,
          applied: config({ status: { phase: "Failed" } }),
          subresource: "status",
        }),
      ),
    ).toBe(
      '409 Conflict: Apply failed with 1 conflict: conflict with "kubelet" with subresource "status" using v1: .status.phase',
    );
  });

  it("force takes the field over, and says from whom", () => {
    const { object, conflicts } = apply({
      live,
      applied: config({ spec: { hostname: "mine" } }),
      force: true,
    });
    expect(specOf(object)["hostname"]).toBe("mine");
    expect(conflicts).toEqual([
      { manager: '"kubectl-client-side-apply" using v1', field: ".spec.hostname" },
    ]);
    const owned = owners(managedFieldsOf(object));
    expect(owned["me Apply"]).toEqual([".spec.hostname"]);
    expect(owned["kubectl-client-side-apply Update"]).not.toContain(".spec.hostname");
  });

  it("the same value is owned by both, without a conflict", () => {
    const { object, conflicts } = apply({ live, applied: config({ spec: { hostname: "h" } }) });
    expect(conflicts).toEqual([]);
    const owned = owners(managedFieldsOf(object));
    expect(owned["me Apply"]).toEqual([".spec.hostname"]);
    expect(owned["kubectl-client-side-apply Update"]).toContain(".spec.hostname");
    expect(managedFieldsOf(object)[0]).not.toHaveProperty("time");
  });

  it("a change of a shared field is a conflict for either owner", () => {
    const shared = applied({ live, applied: config({ spec: { hostname: "h" } }), manager: "one" });
    const two = applied({
      live: shared,
      applied: config({ spec: { hostname: "h" } }),
      manager: "two",
    });
    expect(
      refusalText(() =>
        apply({ live: two, applied: config({ spec: { hostname: "x" } }), manager: "two" }),
      ),
    ).toBe(
      [
        '409 Conflict: Apply failed with 2 conflicts: conflicts with "kubectl-client-side-apply" using v1:',
        "- .spec.hostname",
        'conflicts with "one":',
        "- .spec.hostname",
      ].join("\n"),
    );
  });
});
