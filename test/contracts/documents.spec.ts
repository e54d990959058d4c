import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { format } from "prettier";
import supertest from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startContractApplication } from "./support/contract-application.js";

const FOLDER = new URL("./documents/", import.meta.url).pathname;
const UPDATE = process.env.UPDATE_GOLDENS === "1";

let application: NestFastifyApplication;
const get = async (path: string) => {
  const response = await supertest(application.getHttpServer()).get(path);
  expect(response.status).toBe(200);
  return response.body as Record<string, unknown>;
};

function expectGolden(name: string, text: string): void {
  const path = FOLDER + name;
  if (UPDATE) writeFileSync(path, text);
  const golden = existsSync(path) ? readFileSync(path, "utf8") : "";
  expect(text, "npm run update:goldens writes it; review it before you commit").toBe(golden);
}

/** As the formatter of the project leaves it. */
const asText = (document: unknown): Promise<string> =>
  format(JSON.stringify(document), { parser: "json", printWidth: 100 });

beforeAll(async () => {
  application = await startContractApplication();
});
afterAll(() => application.close());

/** What is promised to programs changes only on purpose. */
describe("published documents", () => {
  it("OpenAPI of /sim/v1", async () => {
    expectGolden("sim-v1.openapi.json", await asText(await get("/openapi/v3/sim/v1")));
  });

  it("AsyncAPI of the stream", async () => {
    expectGolden("stream.asyncapi.json", await asText(await get("/asyncapi.json")));
  });

  it("operations of the Kubernetes API", async () => {
    const { paths } = (await get("/openapi/v2")) as {
      paths: Record<string, Record<string, { operationId?: string }>>;
    };
    const lines = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { operationId }]) =>
        operationId === undefined ? [] : [`${method.toUpperCase()} ${path} ${operationId}`],
      ),
    );
    expectGolden("kubernetes-operations.txt", `${lines.join("\n")}\n`);
  });

  it("lists the simulator's document beside those of Kubernetes", async () => {
    const { paths } = (await get("/openapi/v3")) as { paths: Record<string, unknown> };
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(["api/v1", "sim/v1"]));
  });
});
