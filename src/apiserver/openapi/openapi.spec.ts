import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RESOURCES } from "../../core/api/index.js";
import { readFields } from "../protobuf/wire-reader.js";
import { ScriptedCluster } from "../testing/scripted-cluster.js";
import { startTestApplication } from "../testing/test-application.js";
import { referencesIn } from "./definitions.js";

const PROTOBUF = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

let application: NestFastifyApplication;

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await application.inject({ method: "GET", url, headers });
  return {
    code: response.statusCode,
    headers: response.headers,
    bytes: response.rawPayload,
    json: () => response.json<Document>(),
  };
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly definitions: Record<string, { properties?: Record<string, unknown> }>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly { readonly name: string }[];
  readonly "x-kubernetes-action": string;
  readonly "x-kubernetes-group-version-kind": unknown;
}

beforeAll(async () => {
  application = await startTestApplication(new ScriptedCluster());
});
afterAll(() => application.close());

describe("OpenAPI 2", () => {
  it("has every reference it makes, and no operation id twice", async () => {
    const document = (await get("/openapi/v2")).json();
    const missing = referencesIn(document, "#/definitions/").filter(
      (name) => document.definitions[name] === undefined,
    );
    expect(missing).toEqual([]);
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item).flatMap(({ operationId }) => operationId ?? []),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("describes the operations as Kubernetes names them", async () => {
    const { paths } = (await get("/openapi/v2")).json();
    const pods = "/api/v1/namespaces/{namespace}/pods";
    const ids = (path: string) =>
      Object.fromEntries(
        Object.entries(paths[path] ?? {})
          .filter(([method]) => method !== "parameters")
          .map(([method, operation]) => [method, operation.operationId]),
      );
    expect(ids(pods)).toEqual({
      get: "listCoreV1NamespacedPod",
      post: "createCoreV1NamespacedPod",
      delete: "deleteCoreV1CollectionNamespacedPod",
    });
    expect(ids(`${pods}/{name}/status`)).toEqual({
      get: "readCoreV1NamespacedPodStatus",
      put: "replaceCoreV1NamespacedPodStatus",
      patch: "patchCoreV1NamespacedPodStatus",
    });
    expect(ids(`${pods}/{name}/exec`)).toEqual({
      get: "connectCoreV1GetNamespacedPodExec",
      post: "connectCoreV1PostNamespacedPodExec",
    });
    expect(ids("/api/v1/pods")).toEqual({ get: "listCoreV1PodForAllNamespaces" });
    expect(ids("/api/v1/watch/nodes/{name}")).toEqual({ get: "watchCoreV1Node" });
    expect(ids("/apis/coordination.k8s.io/v1/")).toEqual({ get: "getCoordinationV1APIResources" });
    const patch = paths[`${pods}/{name}`]?.patch;
    expect(patch).toMatchObject({
      "x-kubernetes-action": "patch",
      "x-kubernetes-group-version-kind": { group: "", version: "v1", kind: "Pod" },
    });
    expect(patch?.parameters?.map(({ name }) => name)).toEqual([
      "body",
      "dryRun",
      "fieldManager",
      "fieldValidation",
      "force",
    ]);
  });

  it("keeps what patches and apply need to know of lists", async () => {
    const { definitions } = (await get("/openapi/v2")).json();
    expect(definitions["io.k8s.api.core.v1.PodSpec"]?.properties?.containers).toEqual({
      items: { $ref: "#/definitions/io.k8s.api.core.v1.Container" },
      type: "array",
      "x-kubernetes-list-map-keys": ["name"],
      "x-kubernetes-list-type": "map",
      "x-kubernetes-patch-merge-key": "name",
      "x-kubernetes-patch-strategy": "merge",
    });
  });

  it("is a protocol buffer for clients that ask for one", async () => {
    const { headers, bytes } = await get("/openapi/v2", { accept: PROTOBUF });
    expect(headers["content-type"]).toBe(PROTOBUF.replace("@", "."));
    const fields = [...readFields(bytes)];
    const text = (number: number) => {
      const field = fields.find((entry) => entry.number === number);
      return field?.kind === "bytes" ? field.value : Buffer.alloc(0);
    };
    expect(text(1).toString()).toBe("2.0");
    const { paths, definitions } = (await get("/openapi/v2")).json();
    expect([...readFields(text(8))]).toHaveLength(Object.keys(paths).length);
    expect([...readFields(text(9))]).toHaveLength(Object.keys(definitions).length);
  });

  it("knows no other form, and who has it already", async () => {
    expect((await get("/openapi/v2", { accept: "text/html" })).code).toBe(406);
    const { headers } = await get("/openapi/v2");
    expect((await get("/openapi/v2", { "if-none-match": String(headers.etag) })).code).toBe(304);
  });
});

describe("OpenAPI 3", () => {
  const index = async () =>
    (
      JSON.parse((await get("/openapi/v3")).bytes.toString()) as {
        paths: Record<string, { serverRelativeURL: string }>;
      }
    ).paths;

  it("lists a document for each group-version", async () => {
    const paths = Object.keys(await index());
    for (const { group, version } of RESOURCES)
      expect(paths).toContain(group === "" ? `api/${version}` : `apis/${group}/${version}`);
    expect(paths).toContain("version");
  });

  it("has every reference it makes in each of them", async () => {
    for (const { serverRelativeURL } of Object.values(await index())) {
      const { headers, json } = await get(serverRelativeURL);
      expect(headers["cache-control"]).toBe("public, immutable");
      const document = json();
      const missing = referencesIn(document.paths, "#/components/schemas/").filter(
        (name) => document.components.schemas[name] === undefined,
      );
      expect(missing).toEqual([]);
    }
  });

  it("leads from an old hash to the present one", async () => {
    const response = await get("/openapi/v3/api/v1?hash=OLD");
    expect(response.code).toBe(301);
    expect(response.headers.location).toBe((await index())["api/v1"]?.serverRelativeURL);
    expect((await get("/openapi/v3/apis/nosuch/v1")).code).toBe(404);
  });
});
