import { createPublicKey, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findKubectls } from "./support/kubectl.js";
import { startService, type Service } from "./support/service.js";

describe("service account tokens", () => {
  const [kubectl] = findKubectls([33]);
  let service: Service;
  beforeAll(async () => {
    service = await startService({ PEAPOD_NODES: "1" });
  });
  afterAll(() => service.stop());

  const get = async (url: string): Promise<Response> => {
    const response = await fetch(url);
    expect(response.status).toBe(200);
    return response;
  };

  it("are verified with the keys that OpenID Connect discovery leads to", async () => {
    const found = await get(`${service.url}/.well-known/openid-configuration`);
    expect(found.headers.get("content-type")).toBe("application/json");
    const configuration = (await found.json()) as { issuer: string; jwks_uri: string };
    expect(configuration.issuer).toBe("https://kubernetes.default.svc.cluster.local");
    const served = await get(configuration.jwks_uri);
    expect(served.headers.get("content-type")).toBe("application/jwk-set+json");
    const { keys } = (await served.json()) as { keys: Record<string, string>[] };

    const made = await kubectl?.run(service, ["create", "token", "default", "--duration=1h"]);
    expect(made).toMatchObject({ code: 0 });
    const [head = "", body = "", signature = ""] = (made?.stdout ?? "").trim().split(".");
    const { alg, kid } = JSON.parse(Buffer.from(head, "base64url").toString()) as {
      alg: string;
      kid: string;
    };
    const jwk = keys.find((each) => each.kid === kid);
    expect([alg, jwk?.alg]).toEqual(["ES256", "ES256"]);
    const key = createPublicKey({ key: { ...jwk }, format: "jwk" });
    const options = { key, dsaEncoding: "ieee-p1363" } as const;
    const signed = Buffer.from(`${head}.${body}`);
    expect(verify("sha256", signed, options, Buffer.from(signature, "base64url"))).toBe(true);
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Record<string, unknown>;
    expect(claims).toMatchObject({
      iss: configuration.issuer,
      aud: [configuration.issuer],
      sub: "system:serviceaccount:default:default",
      "kubernetes.io": { namespace: "default", serviceaccount: { name: "default" } },
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(3600);
  });
});
