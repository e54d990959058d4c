import { describe, expect, it } from "vitest";
import type { ManagedFieldsEntry } from "../../../api/index.js";
import { APP, apply, config, stored } from "../testing/applications.js";
import { refusalText } from "../testing/fixtures.js";

describe("a configuration that cannot be applied", () => {
  const subject = "failed to create typed patch object (default/a; /v1, Kind=Pod): ";

  it.each<[string, unknown, string]>([
    [
      "is a list",
      [],
      "400 BadRequest: error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
    ],
    ["is of no kind", {}, "400 BadRequest: invalid object type: /, Kind="],
    [
      "is of another kind",
      { apiVersion: "apps/v1", kind: "Deployment" },
      "400 BadRequest: invalid object type: apps/v1, Kind=Deployment",
    ],
    [
      "has managedFields",
      config({ metadata: { managedFields: [] } }),
      "400 BadRequest: metadata.managedFields must be nil",
    ],
    [
      "has an unknown field",
      config({ spec: { foo: 1 } }),
      `500 -: ${subject}.spec.foo: field not declared in schema`,
    ],
    [
      "has an element twice",
      config({ spec: { containers: [APP, APP] } }),
      `500 -: ${subject}.spec.containers: duplicate entries for key [name="app"]`,
    ],
    [
      "has a number for a text",
      config({ spec: { containers: [{ name: "app", env: [{ name: "A", value: 8080 }] }] } }),
      `500 -: ${subject}.spec.containers[name="app"].env[name="A"].value: expected string, got &value.valueUnstructured{Value:8080}`,
    ],
    [
      "has a text for a number",
      config({ spec: { priority: "1" } }),
      `500 -: ${subject}.spec.priority: expected numeric (int or float), got string`,
    ],
    [
      "has a text for a truth",
      config({ spec: { hostNetwork: "yes" } }),
      `500 -: ${subject}.spec.hostNetwork: expected boolean, got &{yes}`,
    ],
    [
      "has an object for a text",
      config({ spec: { hostname: { a: [1, "b", true] } } }),
      `500 -: ${subject}.spec.hostname: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"a":[]interface {}{1, "b", true}}}`,
    ],
    [
      "has a list for a quantity",
      config({ spec: { overhead: { cpu: ["1"] } } }),
      `500 -: ${subject}.spec.overhead.cpu: expected any scalar, got &{[1]}`,
    ],
    [
      "has a text for a list",
      config({ spec: { containers: "app" } }),
      `500 -: ${subject}.spec.containers: expected list, got &{app}`,
    ],
    [
      "has a list for an object",
      config({ spec: [1] }),
      `500 -: ${subject}.spec: expected map, got &{[1]}`,
    ],
    [
      "has a null element",
      config({ spec: { containers: [null] } }),
      `500 -: ${subject}.spec.containers: element 0: associative list with keys may not have a null element`,
    ],
    [
      "has a text as an element",
      config({ spec: { containers: ["a"] } }),
      `500 -: ${subject}.spec.containers: element 0: associative list with keys may not have non-map elements`,
    ],
    [
      "has an object in a set",
      config({ metadata: { finalizers: [{}] } }),
      `500 -: ${subject}.metadata.finalizers: element 0: associative list without keys has an element that's a map type`,
    ],
    [
      "has an unknown field in an atomic list",
      config({ spec: { tolerations: [{}, { foo: 1 }] } }),
      `500 -: ${subject}.spec.tolerations[1].foo: field not declared in schema`,
    ],
    [
      "is wrong in two places",
      config({ metadata: { labels: { a: 1 } }, spec: { hostname: 1 } }),
      `500 -: ${subject}errors:\n  .metadata.labels.a: expected string, got &value.valueUnstructured{Value:1}\n  .spec.hostname: expected string, got &value.valueUnstructured{Value:1}`,
    ],
  ])("%s", (_title, configuration, text) => {
    expect(refusalText(() => apply({ live: null, applied: configuration }))).toBe(text);
  });

  it("an object whose managers cannot be read takes none", () => {
    const entry = { manager: "x", operation: "Sometimes" } as unknown as ManagedFieldsEntry;
    const live = stored(config({}), [entry]);
    expect(refusalText(() => apply({ live, applied: config({}) }))).toBe(
      "500 -: failed to decode managed fields: operation must be `Apply` or `Update`",
    );
  });

  it("an object with an element that has no identity takes none", () => {
    const live = stored(config({ spec: { containers: [null] } }));
    expect(
      refusalText(() => apply({ live, applied: config({ spec: { containers: [APP] } }) })),
    ).toContain("associative list with keys may not have a null element");
  });
});
