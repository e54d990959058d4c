import { describe, expect, it } from "vitest";
import type { Deployment, KubeObject, ReplicaSet } from "../../api/index.js";
import { refusalOf, RegistryFixture } from "../testing/registry-fixture.js";

const labels = { app: "web" };
const aWorkload = (spec: object = {}, status: object = {}): object => ({
  metadata: { name: "web" },
  spec: {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "nginx" }] } },
    ...spec,
  },
  status,
});

const DEPLOYMENTS = "deployments.apps";
const REPLICA_SETS = "replicasets.apps";
const owner = { fieldManager: "kubectl-create" };

describe("Deployments in the registry", () => {
  it("API-24: a status is not taken; spec and annotations count as changes, labels and status do not", () => {
    const fixture = new RegistryFixture();
    const created = fixture.create<Deployment>(DEPLOYMENTS, aWorkload({}, { replicas: 3 }));
    expect(created).toMatchObject({ metadata: { generation: 1 }, status: {} });
    const generationAfter = (body: object, subresource?: string): number | undefined =>
      fixture.patch(DEPLOYMENTS, "web", "merge", body, {
        ...(subresource === undefined ? {} : { subresource }),
      }).metadata.generation;
    expect(generationAfter({ metadata: { labels: { a: "b" } } })).toBe(1);
    expect(generationAfter({ spec: { replicas: 2 } })).toBe(2);
    expect(generationAfter({ metadata: { annotations: { a: "b" } } })).toBe(3);
    expect(generationAfter({ spec: { replicas: 2 }, status: { replicas: 1 } })).toBe(3);
    expect(fixture.get<Deployment>(DEPLOYMENTS, "web").status.replicas).toBeUndefined();
  });

  it("API-18: the status endpoint leaves spec and labels, but not annotations", () => {
    const fixture = new RegistryFixture();
    fixture.create(DEPLOYMENTS, aWorkload());
    const body = {
      metadata: { labels: { a: "b" }, annotations: { "deployment.kubernetes.io/revision": "1" } },
      spec: { replicas: 9 },
      status: { replicas: 1 },
    };
    const written = fixture.patch<Deployment>(DEPLOYMENTS, "web", "merge", body, {
      subresource: "status",
    });
    expect(written.metadata.labels).toBeUndefined();
    expect(written).toMatchObject({
      metadata: { generation: 1, annotations: body.metadata.annotations },
      spec: { replicas: 1 },
      status: { replicas: 1 },
    });
  });

  it("API-24: annotations are no change of a ReplicaSet", () => {
    const fixture = new RegistryFixture();
    fixture.create(REPLICA_SETS, aWorkload());
    const body = { metadata: { annotations: { a: "b" } } };
    expect(fixture.patch(REPLICA_SETS, "web", "merge", body).metadata.generation).toBe(1);
  });

  it("warns of names that are no labels, and of templates whenever they change", () => {
    const fixture = new RegistryFixture();
    const template = {
      metadata: { labels },
      spec: { containers: [{ name: "c", image: "nginx" }], terminationGracePeriodSeconds: -1 },
    };
    const body = { ...aWorkload({ template }), metadata: { name: "a.b" } };
    expect(fixture.createResponse(DEPLOYMENTS, body).warnings).toEqual([
      expect.stringContaining("metadata.name: this is used in Pod names and hostnames"),
      "spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
    ]);
  });
});

describe("scale", () => {
  it.each([DEPLOYMENTS, REPLICA_SETS])("%s tell their scale", (storage) => {
    const fixture = new RegistryFixture();
    const { metadata } = fixture.create(storage, aWorkload({ replicas: 3 }), owner);
    fixture.patch(storage, "web", "merge", { status: { replicas: 2 } }, { subresource: "status" });
    const { body } = fixture.registry.execute({
      verb: "get",
      resource: fixture.resource(storage),
      namespace: "default",
      name: "web",
      subresource: "scale",
    });
    expect(body).toMatchObject({
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "web", namespace: "default", uid: metadata.uid },
      spec: { replicas: 3 },
      status: { replicas: 2, selector: "app=web" },
    });
    expect(body.metadata).not.toHaveProperty("managedFields");
  });

  it.each<["merge" | "json" | "strategic", unknown]>([
    ["merge", { spec: { replicas: 5 } }],
    ["strategic", { spec: { replicas: 5 } }],
    ["json", [{ op: "replace", path: "/spec/replicas", value: 5 }]],
  ])("a %s patch of it changes the number, and who owns it", (type, patch) => {
    const fixture = new RegistryFixture();
    fixture.create(DEPLOYMENTS, aWorkload({ replicas: 3 }), owner);
    const options = { subresource: "scale", fieldManager: "kubectl" };
    const scale = fixture.patch(DEPLOYMENTS, "web", type, patch, options);
    expect(scale).toMatchObject({ kind: "Scale", spec: { replicas: 5 } });
    const { metadata, spec } = fixture.get<Deployment>(DEPLOYMENTS, "web");
    expect(spec.replicas).toBe(5);
    expect(metadata.generation).toBe(2);
    const owners = (metadata.managedFields ?? []).filter(
      ({ fieldsV1 }) =>
        (fieldsV1 as Record<string, object> | undefined)?.["f:spec"] !== undefined &&
        "f:replicas" in ((fieldsV1 as Record<string, object>)["f:spec"] ?? {}),
    );
    expect(owners).toMatchObject([
      { manager: "kubectl", operation: "Update", apiVersion: "apps/v1", subresource: "scale" },
    ]);
  });

  it("PUT needs the version that it names, and to zero it is left out", () => {
    const fixture = new RegistryFixture();
    const { metadata } = fixture.create<ReplicaSet>(REPLICA_SETS, aWorkload());
    const body = (resourceVersion: string, replicas: number): object => ({
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "web", resourceVersion },
      spec: { replicas },
    });
    const put = (version: string, replicas: number): KubeObject =>
      fixture.update(REPLICA_SETS, "web", body(version, replicas), "scale");
    expect(put(metadata.resourceVersion, 0)).toMatchObject({ kind: "Scale", spec: {} });
    expect(fixture.get<ReplicaSet>(REPLICA_SETS, "web").spec.replicas).toBe(0);
    expect(refusalOf(() => put(metadata.resourceVersion, 1)).status).toMatchObject({ code: 409 });
    expect(refusalOf(() => put("", -1)).status).toMatchObject({
      code: 422,
      message:
        'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    });
  });
});
