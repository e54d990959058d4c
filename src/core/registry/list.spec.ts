import { describe, expect, it } from "vitest";
import type { ListOptions, ObjectList } from "./api-request.js";
import { aPod, refusalOf, RegistryFixture } from "./testing/registry-fixture.js";

const withMaps = (count: number): RegistryFixture => {
  const fixture = new RegistryFixture();
  for (let index = 0; index < count; index += 1) {
    fixture.create("configmaps", {
      metadata: { name: `c${index}`, labels: { odd: String(index % 2) } },
    });
  }
  return fixture;
};

const namesOf = ({ items }: ObjectList): string[] => items.map(({ metadata }) => metadata.name);

describe("list", () => {
  it("API-9: is a list of its kind at a version, sorted by namespace and name", () => {
    const fixture = withMaps(2);
    fixture.create("configmaps", { metadata: { name: "z" } }, { namespace: "kube-public" });
    const body = fixture.list("configmaps", {}, "");
    expect(body).toMatchObject({
      kind: "ConfigMapList",
      apiVersion: "v1",
      metadata: { resourceVersion: String(fixture.store.lastSequence) },
    });
    expect(namesOf(body)).toEqual(["c0", "c1", "z"]);
    expect(namesOf(fixture.list("configmaps", {}, "kube-public"))).toEqual(["z"]);
  });

  it("API-9: pages are of one version and say what remains", () => {
    const fixture = withMaps(5);
    const first = fixture.list("configmaps", { limit: 2 });
    expect(namesOf(first)).toEqual(["c0", "c1"]);
    expect(first.metadata.remainingItemCount).toBe(3);
    fixture.delete("configmaps", "c3");
    fixture.create("configmaps", { metadata: { name: "c15" } });
    const second = fixture.list("configmaps", next(first, 2));
    expect(namesOf(second)).toEqual(["c2", "c3"]);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    const third = fixture.list("configmaps", next(second, 2));
    expect(namesOf(third)).toEqual(["c4"]);
    expect(third.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
  });

  it("API-9: does not say what remains of a selection", () => {
    const fixture = withMaps(5);
    const page = fixture.list("configmaps", { limit: 1, labelSelector: "odd=1" });
    expect(namesOf(page)).toEqual(["c1"]);
    expect(page.metadata.remainingItemCount).toBeUndefined();
    expect(
      namesOf(fixture.list("configmaps", { ...next(page, 5), labelSelector: "odd=1" })),
    ).toEqual(["c3"]);
  });

  it("API-9: a token that is too old is answered with one that goes on with what is there now", () => {
    const fixture = withMaps(3);
    const first = fixture.list("configmaps", { limit: 1 });
    for (let count = 0; count < 5000; count += 1) {
      fixture.patch("configmaps", "c0", "merge", { data: { count: String(count) } });
    }
    const { status } = refusalOf(() => fixture.list("configmaps", next(first, 5)));
    expect(status).toMatchObject({ code: 410, reason: "Expired" });
    expect(status.message).toMatch(/^The provided continue parameter is too old to display/);
    fixture.create("configmaps", { metadata: { name: "c00" } });
    const rest = fixture.list("configmaps", { limit: 5, continue: status.metadata.continue ?? "" });
    expect(namesOf(rest)).toEqual(["c00", "c1", "c2"]);
    const exact = refusalOf(() =>
      fixture.list("configmaps", {
        resourceVersion: first.metadata.resourceVersion,
        resourceVersionMatch: "Exact",
      }),
    );
    expect(exact.status).toMatchObject({
      code: 410,
      message: "The resourceVersion for the provided list is too old.",
    });
  });

  it("lists at an exact version, and not older than one", () => {
    const fixture = withMaps(2);
    const resourceVersion = String(fixture.store.lastSequence);
    fixture.create("configmaps", { metadata: { name: "late" } });
    const exact = { resourceVersion, resourceVersionMatch: "Exact" };
    expect(namesOf(fixture.list("configmaps", exact))).toEqual(["c0", "c1"]);
    expect(fixture.list("configmaps", exact).metadata.resourceVersion).toBe(resourceVersion);
    for (const resourceVersionMatch of ["NotOlderThan", ""]) {
      const options = { resourceVersion, resourceVersionMatch };
      expect(namesOf(fixture.list("configmaps", options))).toEqual(["c0", "c1", "late"]);
    }
    // A limit with a version and no match means that very version, as before there were matches.
    expect(namesOf(fixture.list("configmaps", { resourceVersion, limit: 5 }))).toEqual([
      "c0",
      "c1",
    ]);
    expect(namesOf(fixture.list("configmaps", { resourceVersion: "0" }))).toHaveLength(3);
  });

  it.each<[string, ListOptions, number, string]>([
    [
      "a match without a version",
      { resourceVersionMatch: "Exact" },
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ],
    [
      "an unknown match",
      { resourceVersionMatch: "Newest", resourceVersion: "1" },
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Unsupported value: "Newest": supported values: "Exact", "NotOlderThan", ""',
    ],
    [
      "an exact match of 0",
      { resourceVersionMatch: "Exact", resourceVersion: "0" },
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ],
    [
      "a version that is none",
      { resourceVersion: "abc" },
      400,
      'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    [
      "a version of the future",
      { resourceVersion: "99999" },
      504,
      "Timeout: Too large resource version: 99999, current: 17",
    ],
    [
      "a continue token and a version",
      {
        continue: "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6NSwic3RhcnQiOiJkZWZhdWx0L2MwXHUwMDAwIn0",
        resourceVersion: "5",
      },
      400,
      "specifying resource version is not allowed when using continue",
    ],
    [
      "a broken continue token",
      { continue: "?" },
      400,
      "invalid continue token: continue key is not valid: illegal base64 data at input byte 0",
    ],
    [
      "a continue token of another kind",
      { continue: "eyJ2IjoidjkifQ" },
      400,
      "invalid continue token: continue key is not valid: server does not recognize this encoded version v9",
    ],
    [
      "an unknown field label",
      { fieldSelector: "spec.image=x" },
      400,
      '"spec.image" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
  ])("API-6, API-9, API-11: refuses %s", (_, options, code, message) => {
    const fixture = withMaps(2);
    expect(refusalOf(() => fixture.list("configmaps", options)).status).toMatchObject({
      code,
      message,
    });
  });

  it("API-11: selects by fields, by name and by node", () => {
    const fixture = new RegistryFixture();
    for (const name of ["a", "b", "c"]) fixture.create("pods", aPod(name));
    fixture.bind("b", "node-1");
    const names = (fieldSelector: string, namespace = "default"): string[] =>
      namesOf(fixture.list("pods", { fieldSelector }, namespace));
    expect(names("metadata.name=a")).toEqual(["a"]);
    expect(names("metadata.name=a,status.phase=Running")).toEqual([]);
    expect(names("metadata.name!=a")).toEqual(["b", "c"]);
    expect(names("spec.nodeName=node-1", "")).toEqual(["b"]);
    expect(names("spec.nodeName=", "")).toEqual(["a", "c"]);
    expect(names("metadata.namespace=kube-system", "")).toEqual([]);
    expect(refusalOf(() => names("spec.foo=1")).status.message).toBe(
      "field label not supported: spec.foo",
    );
  });

  it("tokens can be read by whoever knows Kubernetes'", () => {
    const fixture = withMaps(2);
    const token = fixture.list("configmaps", { limit: 1 }).metadata.continue ?? "";
    expect(JSON.parse(Buffer.from(token, "base64url").toString())).toEqual({
      v: "meta.k8s.io/v1",
      rv: fixture.store.lastSequence,
      start: "default/c0\u0000",
    });
  });
});

const next = ({ metadata }: ObjectList, limit: number): ListOptions => ({
  limit,
  continue: metadata.continue ?? "",
});
