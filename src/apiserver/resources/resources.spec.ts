import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ApiRequest, Outcome } from "../cluster-port.js";
import { MAX_BODY_BYTES } from "../limits.js";
import { ScriptedCluster } from "../testing/scripted-cluster.js";
import { startTestApplication } from "../testing/test-application.js";

const POD = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "a",
    namespace: "default",
    uid: "u",
    resourceVersion: "7",
    creationTimestamp: "2026-01-01T00:00:00Z",
  },
};
const PODS = "/api/v1/namespaces/default/pods";

let application: NestFastifyApplication;
let cluster: ScriptedCluster;

const answerWith = (body: unknown, code = 200, warnings: string[] = []) =>
  (cluster.answer = () => ({ ok: true, response: { code, body, warnings } }) as Outcome);

async function call(
  method: string,
  url: string,
  options: { body?: string; headers?: Record<string, string> } = {},
) {
  const { body, headers = {} } = options;
  const response = await application.inject({
    method: method as "GET",
    url,
    headers,
    ...(body === undefined ? {} : { payload: body }),
  });
  let json: Record<string, unknown> | null = null;
  try {
    json = response.json();
  } catch {
    json = null;
  }
  return { code: response.statusCode, headers: response.headers, text: response.body, json };
}

const lastRequest = (): ApiRequest => {
  const command = cluster.commands.at(-1);
  if (command?.type !== "api") throw new Error("no API request was made");
  return command.request;
};

beforeAll(async () => {
  cluster = new ScriptedCluster();
  application = await startTestApplication(cluster);
});
beforeEach(() => {
  cluster.commands.length = 0;
  answerWith(POD);
});
afterAll(() => application.close());

describe("a kind that is on its way out", () => {
  const ENDPOINTS = "/api/v1/namespaces/default/endpoints";
  const DEPRECATED =
    '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"';

  it.each(["GET", "DELETE"])("is warned of in each answer: %s", async (method) => {
    answerWith({}, 200, ["another"]);
    const { headers } = await call(method, ENDPOINTS);
    expect(headers.warning).toEqual([DEPRECATED, '299 - "another"']);
  });

  it("is warned of in refusals", async () => {
    const { code, headers } = await call("GET", `${ENDPOINTS}?limit=x`);
    expect(code).toBe(400);
    expect(headers.warning).toEqual([DEPRECATED]);
  });
});

describe("paths", () => {
  it.each([
    ["GET", `${PODS}/a`, { verb: "get", namespace: "default", name: "a" }],
    ["GET", PODS, { verb: "list", namespace: "default" }],
    ["GET", "/api/v1/pods", { verb: "list", namespace: "" }],
    ["GET", "/api/v1/nodes/node-1", { verb: "get", namespace: "", name: "node-1" }],
    ["GET", "/api/v1/namespaces/default", { verb: "get", namespace: "", name: "default" }],
    ["GET", `${PODS}/a/status`, { verb: "get", name: "a", subresource: "status" }],
    ["DELETE", PODS, { verb: "deletecollection", namespace: "default" }],
    ["DELETE", `${PODS}/a`, { verb: "delete", name: "a" }],
    ["GET", "/apis/coordination.k8s.io/v1/namespaces/x/leases/%61", { verb: "get", name: "a" }],
  ])("%s %s is read as %j", async (method, path, expected) => {
    expect((await call(method, path)).code).toBe(200);
    expect(lastRequest()).toMatchObject(expected);
  });

  it.each([
    ["GET", "/api/v1/widgets", 404, "the server could not find the requested resource"],
    ["GET", "/api/v1/pods/a", 404, "the server could not find the requested resource"],
    ["GET", "/api/v1/namespaces/x/nodes", 404, "the server could not find the requested resource"],
    ["GET", `${PODS}/a/nosuch`, 404, "the server could not find the requested resource"],
    [
      "POST",
      "/api/v1/pods",
      405,
      "the server does not allow this method on the requested resource",
    ],
    ["POST", `${PODS}/a`, 405, "the server does not allow this method on the requested resource"],
    ["HEAD", PODS, 405, "the server does not allow this method on the requested resource"],
  ])("%s %s is refused with %i", async (method, path, code, message) => {
    const response = await call(method, path);
    expect(response.code).toBe(code);
    expect(response.json?.message).toBe(message);
    expect(cluster.commands).toEqual([]);
  });

  it("names the methods that a path has", async () => {
    expect((await call("PUT", PODS)).headers.allow).toBe("POST, DELETE, GET");
  });

  it.each(["/apis/nosuch.group/v1/widgets", "/nosuch", "/api/v2/pods"])(
    "answers plain text for %s, which nobody serves",
    async (path) => {
      const response = await call("GET", path);
      expect([response.code, response.text]).toEqual([404, "404 page not found\n"]);
      expect(response.headers["content-type"]).toBe("text/plain; charset=utf-8");
    },
  );
});

describe("requests that are hardly any", () => {
  it.each([
    ["POST", PODS, "application/json, application/yaml, application/vnd.kubernetes.protobuf"],
    [
      "PATCH",
      `${PODS}/a`,
      "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml",
    ],
  ])("%s %s with a content type that is none", async (method, url, types) => {
    const response = await call(method, url, {
      body: "{}",
      headers: { "content-type": "garbage" },
    });
    expect(response.json).toMatchObject({
      code: 415,
      message: `the body of the request was in an unknown format - accepted media types include: ${types}`,
    });
  });

  it("with a path that can't be decoded", async () => {
    const response = await call("GET", "/api/v1/%zz");
    expect([response.code, response.text]).toEqual([400, "400 Bad Request"]);
  });
});

describe("bodies", () => {
  const create = (
    body: string,
    headers: Record<string, string> = { "content-type": "application/json" },
    query = "",
  ) => call("POST", `${PODS}${query}`, { body, headers });

  it("fills in the kind that a body leaves out", async () => {
    answerWith(POD, 201);
    expect((await create('{"metadata":{"name":"a"}}')).code).toBe(201);
    expect(lastRequest()).toMatchObject({
      verb: "create",
      body: { apiVersion: "v1", kind: "Pod" },
    });
  });

  it("reads YAML", async () => {
    await create("kind: Pod\nspec:\n  containers:\n  - {name: c, args: [yes, 0x10, 1.5]}\n", {
      "content-type": "application/yaml",
    });
    expect(lastRequest()).toMatchObject({
      body: { spec: { containers: [{ args: [true, 16, 1.5] }] } },
    });
  });

  const unreadable = (what: string, summary: string) =>
    `the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: ${what} (${summary})`;

  it.each([
    ["", unreadable("unexpected end of JSON input", "<empty>")],
    ['{"a"', unreadable("unexpected end of JSON input", '{"a"')],
    ["{a", unreadable("invalid character 'a' looking for beginning of object key string", "{a")],
    ['{"a" 1}', unreadable("invalid character '1' after object key", '{"a" 1}')],
    ['{"a":1 2}', unreadable("invalid character '2' after object key:value pair", '{"a":1 2}')],
    ["{}x", unreadable("invalid character 'x' after top-level value", "{}x")],
    ["hello", unreadable("invalid character 'h' looking for beginning of value", "68656c6c6f")],
    [
      '{"kind":"Pod","apiVersion":"v1","x":tru}',
      unreadable(
        "invalid character '}' in literal true (expecting 'e')",
        '{"kind":"Pod","apiVersion":"v1 ...',
      ),
    ],
    [
      '{"kind":5}',
      unreadable(
        "json: cannot unmarshal number into Go struct field .kind of type string",
        '{"kind":5}',
      ),
    ],
    [
      '{"kind":"Foo","apiVersion":"v1"}',
      'Foo in version "v1" cannot be handled as a Pod: no kind "Foo" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      '{"kind":"Service","apiVersion":"v1"}',
      'Service in version "v1" cannot be handled as a Pod: converting (v1.Service) to (core.Pod): unknown conversion',
    ],
    ['{"kind":"Pod","apiVersion":"a/b/c"}', "unexpected GroupVersion string: a/b/c"],
  ])("%s is a bad request", async (body, message) => {
    const response = await create(body);
    expect(response.json).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      reason: "BadRequest",
      code: 400,
    });
    expect(cluster.commands).toEqual([]);
  });

  it("hands on the fields that a text names twice", async () => {
    await create(
      '{"metadata":{"name":"a","name":"b"},"spec":{"containers":[{"name":"x"},{"image":"i","image":"j"}]}}',
    );
    expect(lastRequest()).toMatchObject({
      options: {
        strictErrors: [
          'duplicate field "metadata.name"',
          'duplicate field "spec.containers[1].image"',
        ],
      },
    });
  });

  it("refuses a body beyond 3 MiB and takes one of just that size", async () => {
    const padded = (size: number) => `{"x":"${"a".repeat(size - 8)}"}`;
    const refused = await create(padded(MAX_BODY_BYTES + 1));
    expect(refused.json).toMatchObject({
      code: 413,
      reason: "RequestEntityTooLarge",
      message: "Request entity too large: limit is 3145728",
    });
    expect((await create(padded(MAX_BODY_BYTES))).code).toBe(200);
  });

  it.each([
    [
      "POST",
      PODS,
      "text/plain",
      "application/json, application/yaml, application/vnd.kubernetes.protobuf",
    ],
    [
      "PATCH",
      `${PODS}/a`,
      "application/json",
      "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml",
    ],
  ])("%s %s refuses %s", async (method, url, type, accepted) => {
    const response = await call(method, url, { body: "{}", headers: { "content-type": type } });
    expect(response.json).toMatchObject({
      code: 415,
      reason: "UnsupportedMediaType",
      message: `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
    });
  });

  it.each([
    ["application/json-patch+json", "json", '[{"op":"remove","path":"/a"}]'],
    ["application/merge-patch+json", "merge", "{}"],
    ["application/strategic-merge-patch+json; charset=utf-8", "strategic", "{}"],
    ["application/apply-patch+yaml", "apply", "a: 1"],
  ])("reads a patch of %s", async (type, patchType, body) => {
    await call("PATCH", `${PODS}/a?fieldManager=m`, { body, headers: { "content-type": type } });
    expect(lastRequest()).toMatchObject({
      verb: "patch",
      patchType,
      options: { fieldManager: "m" },
    });
  });
});

describe("options", () => {
  const create = (query: string, headers: Record<string, string> = {}) =>
    call("POST", `${PODS}?${query}`, {
      body: "{}",
      headers: { "content-type": "application/json", ...headers },
    });

  it("takes the field manager from the user agent, up to the first slash", async () => {
    await create("", { "user-agent": "kubectl/v1.30.0 (linux/amd64)" });
    expect(lastRequest()).toMatchObject({
      options: { fieldManager: "kubectl", fieldValidation: "Warn" },
    });
  });

  it("reads dryRun, fieldValidation and fieldManager", async () => {
    await create("dryRun=All&fieldValidation=Strict&fieldManager=m");
    expect(lastRequest()).toMatchObject({
      options: { dryRun: true, fieldValidation: "Strict", fieldManager: "m" },
    });
  });

  it.each([
    [
      "dryRun=Some",
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
    ],
    [
      "fieldValidation=x",
      'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "x": supported values: "", "Ignore", "Strict", "Warn"',
    ],
    [
      `fieldManager=${"m".repeat(129)}`,
      'CreateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
    ],
  ])("%s is invalid", async (query, message) => {
    expect((await create(query)).json).toMatchObject({ code: 422, reason: "Invalid", message });
  });

  it.each([
    ["limit=x", 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
    [
      "limit=99999999999999999999",
      400,
      'strconv.ParseInt: parsing "99999999999999999999": value out of range',
    ],
    [
      "resourceVersionMatch=Exact",
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ],
    [
      "sendInitialEvents=true",
      422,
      'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
    ],
  ])("a list with %s is refused", async (query, code, message) => {
    expect((await call("GET", `${PODS}?${query}`)).json).toMatchObject({ code, message });
  });

  it("lets a body of DeleteOptions win over the query", async () => {
    await call("DELETE", `${PODS}/a?gracePeriodSeconds=9`, {
      body: '{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":3,"propagationPolicy":"Foreground","preconditions":{"uid":"u"},"dryRun":["All"]}',
      headers: { "content-type": "application/json" },
    });
    expect(lastRequest()).toMatchObject({
      options: {
        gracePeriodSeconds: 3,
        propagationPolicy: "Foreground",
        preconditions: { uid: "u" },
        dryRun: true,
      },
    });
    await call("DELETE", `${PODS}/a?gracePeriodSeconds=9&resourceVersion=5`);
    expect(lastRequest()).toMatchObject({
      options: { gracePeriodSeconds: 9, preconditions: { resourceVersion: "5" } },
    });
  });

  it("refuses a propagation policy that does not exist", async () => {
    expect((await call("DELETE", `${PODS}/a?propagationPolicy=Later`)).json).toMatchObject({
      code: 422,
      message:
        'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Later": supported values: "Foreground", "Background", "Orphan", "nil"',
    });
  });

  it("wants a field manager for apply and no force elsewhere", async () => {
    const patch = (query: string, type: string) =>
      call("PATCH", `${PODS}/a?${query}`, { body: "{}", headers: { "content-type": type } });
    expect((await patch("", "application/apply-patch+yaml")).json?.message).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
    expect((await patch("force=true", "application/merge-patch+json")).json?.message).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    );
  });
});

describe("answers", () => {
  it("is compact JSON with a new line for programs and indented for people", async () => {
    expect((await call("GET", `${PODS}/a`)).text).toBe(`${JSON.stringify(POD)}\n`);
    const pretty = JSON.stringify(POD, null, 2);
    expect((await call("GET", `${PODS}/a`, { headers: { "user-agent": "curl/8" } })).text).toBe(
      pretty,
    );
    expect((await call("GET", `${PODS}/a?pretty=1`)).text).toBe(pretty);
  });

  it("is YAML with sorted keys on request", async () => {
    const response = await call("GET", `${PODS}/a`, { headers: { accept: "application/yaml" } });
    expect(response.headers["content-type"]).toBe("application/yaml");
    expect(response.text.split("\n").slice(0, 4)).toEqual([
      "apiVersion: v1",
      "kind: Pod",
      "metadata:",
      '  creationTimestamp: "2026-01-01T00:00:00Z"',
    ]);
  });

  it("falls back to JSON for a client that prefers protobuf", async () => {
    const headers = { accept: "application/vnd.kubernetes.protobuf,application/json" };
    expect((await call("GET", `${PODS}/a`, { headers })).headers["content-type"]).toBe(
      "application/json",
    );
  });

  it.each([
    "application/vnd.kubernetes.protobuf",
    "text/html",
    "application/json;as=Nothing;g=meta.k8s.io;v=v1",
  ])("can't be had as %s", async (accept) => {
    const response = await call("GET", `${PODS}/a`, { headers: { accept } });
    expect(response.json).toMatchObject({
      code: 406,
      reason: "NotAcceptable",
      message: "only the following media types are accepted: application/json, application/yaml",
    });
  });

  it("carries warnings", async () => {
    answerWith(POD, 200, ['unknown field "spec.x"', "schön"]);
    const { headers } = await call("GET", `${PODS}/a`);
    const sent = [headers.warning]
      .flat()
      .map((value) => Buffer.from(String(value), "latin1").toString("utf8"));
    expect(sent).toEqual(['299 - "unknown field \\"spec.x\\""', '299 - "schön"']);
  });

  it("is compressed when it is large and the client takes gzip", async () => {
    answerWith({ ...POD, data: "x".repeat(200_000) });
    const headers = { "accept-encoding": "gzip" };
    expect((await call("GET", `${PODS}/a`, { headers })).headers["content-encoding"]).toBe("gzip");
    expect((await call("GET", `${PODS}/a`)).headers["content-encoding"]).toBeUndefined();
  });

  it("is the Status of a refusal, with its Retry-After", async () => {
    cluster.answer = () => ({
      ok: false,
      status: {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: "m",
        reason: "TooManyRequests",
        details: { retryAfterSeconds: 4 },
        code: 429,
      },
    });
    const response = await call("GET", `${PODS}/a`);
    expect(response.code).toBe(429);
    expect(response.headers["retry-after"]).toBe("4");
    expect(response.json).toMatchObject({ message: "m", reason: "TooManyRequests" });
  });

  it("reduces objects and lists to their metadata", async () => {
    const accept = (kind: string) => ({
      accept: `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`,
    });
    expect(
      (await call("GET", `${PODS}/a`, { headers: accept("PartialObjectMetadata") })).json,
    ).toEqual({
      kind: "PartialObjectMetadata",
      apiVersion: "meta.k8s.io/v1",
      metadata: POD.metadata,
    });
    answerWith({
      kind: "PodList",
      apiVersion: "v1",
      metadata: { resourceVersion: "9" },
      items: [POD],
    });
    expect(
      (await call("GET", PODS, { headers: accept("PartialObjectMetadataList") })).json,
    ).toMatchObject({
      kind: "PartialObjectMetadataList",
      metadata: { resourceVersion: "9" },
      items: [{ kind: "PartialObjectMetadata", metadata: { name: "a" } }],
    });
    expect(
      (await call("GET", PODS, { headers: accept("PartialObjectMetadata") })).json,
    ).toMatchObject({
      code: 406,
      message:
        "you requested PartialObjectMetadata, but the requested object is a list (*core.PodList)",
    });
  });
});
