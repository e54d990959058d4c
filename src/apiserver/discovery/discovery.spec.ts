import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ScriptedCluster } from "../testing/scripted-cluster.js";
import { startTestApplication } from "../testing/test-application.js";

let application: NestFastifyApplication;

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await application.inject({ method: "GET", url, headers });
  const body = response.body === "" ? "" : response.body;
  const json = body.startsWith("{") ? response.json<Record<string, unknown>>() : null;
  return { code: response.statusCode, headers: response.headers, text: body, json };
}

const aggregated = (version: string) => ({
  accept: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList,application/json`,
});

interface Group {
  readonly metadata: { readonly name: string };
  readonly versions: readonly {
    readonly version: string;
    readonly resources: readonly Record<string, unknown>[];
  }[];
}

beforeAll(async () => {
  application = await startTestApplication(new ScriptedCluster());
});
afterAll(() => application.close());

describe("/version", () => {
  it("is 1.34, indented for everybody", async () => {
    const { text, json } = await get("/version");
    expect(json).toMatchObject({ major: "1", minor: "34", gitVersion: "v1.34.0" });
    expect(text.startsWith('{\n  "major": "1",\n')).toBe(true);
  });
});

describe("discovery, a document at a time", () => {
  it("lists the versions of the core group and where the server is", async () => {
    expect((await get("/api", { host: "example:1" })).json).toEqual({
      kind: "APIVersions",
      versions: ["v1"],
      serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: "example:1" }],
    });
  });

  it("lists the groups by priority", async () => {
    const { json } = await get("/apis");
    const groups = json?.groups as { name: string; preferredVersion: unknown }[];
    expect(groups.map(({ name }) => name).slice(0, 3)).toEqual(["apps", "events.k8s.io", "policy"]);
    expect(groups[1]?.preferredVersion).toEqual({
      groupVersion: "events.k8s.io/v1",
      version: "v1",
    });
    expect((await get("/apis/policy")).json).toMatchObject({ kind: "APIGroup", name: "policy" });
  });

  it("lists resources with their subresources, names in order", async () => {
    const { json } = await get("/api/v1");
    expect(json).toMatchObject({ kind: "APIResourceList", groupVersion: "v1" });
    const resources = json?.resources as { name: string }[];
    const names = resources.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("pods"))).toEqual([
      "pods",
      "pods/attach",
      "pods/binding",
      "pods/ephemeralcontainers",
      "pods/eviction",
      "pods/exec",
      "pods/log",
      "pods/portforward",
      "pods/resize",
      "pods/status",
    ]);
    expect(resources.find(({ name }) => name === "pods")).toEqual({
      name: "pods",
      singularName: "pod",
      namespaced: true,
      kind: "Pod",
      verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
      shortNames: ["po"],
      categories: ["all"],
      // What kube-apiserver has for pods.
      storageVersionHash: "xPOwRZ+Yhw8=",
    });
    expect(resources.find(({ name }) => name === "pods/eviction")).toEqual({
      name: "pods/eviction",
      singularName: "",
      namespaced: true,
      group: "policy",
      version: "v1",
      kind: "Eviction",
      verbs: ["create"],
    });
  });

  it("tells unknown groups and versions apart", async () => {
    expect((await get("/apis/nosuch")).text).toBe("404 page not found\n");
    expect((await get("/apis/nosuch/v1")).text).toBe("404 page not found\n");
    expect((await get("/apis/policy/v9")).json).toMatchObject({ kind: "Status", code: 404 });
  });
});

describe("aggregated discovery", () => {
  it.each(["v2", "v2beta1"])("has all of it in one document, as %s", async (version) => {
    const core = await get("/api", aggregated(version));
    expect(core.headers["content-type"]).toBe(
      `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    );
    expect(core.json).toMatchObject({
      kind: "APIGroupDiscoveryList",
      apiVersion: `apidiscovery.k8s.io/${version}`,
    });
    const [group] = core.json?.items as Group[];
    const pods = group?.versions[0]?.resources.find(({ resource }) => resource === "pods");
    expect(pods).toMatchObject({
      responseKind: { group: "", version: "v1", kind: "Pod" },
      scope: "Namespaced",
      singularResource: "pod",
      shortNames: ["po"],
    });
    const named = (await get("/apis", aggregated(version))).json?.items as Group[];
    expect(named.every(({ metadata }) => metadata.name !== "")).toBe(true);
  });

  it("is not sent again to who has it", async () => {
    const { headers } = await get("/apis", aggregated("v2"));
    const etag = String(headers.etag);
    expect(etag).toMatch(/^"[0-9A-F]{128}"$/);
    const again = await get("/apis", { ...aggregated("v2"), "if-none-match": etag });
    expect([again.code, again.text]).toEqual([304, ""]);
  });
});
