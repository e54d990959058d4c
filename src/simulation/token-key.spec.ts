import { createPublicKey, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { tokenKeyOf, type KeySet } from "./token-key.js";

const isGenuine = (token: string, { keys }: KeySet): boolean => {
  const [head = "", body = "", signature = ""] = token.split(".");
  const { kid } = JSON.parse(Buffer.from(head, "base64url").toString()) as { kid: string };
  const jwk = keys.find((key) => key.kid === kid);
  if (jwk === undefined) return false;
  const key = createPublicKey({ key: { ...jwk }, format: "jwk" });
  const data = Buffer.from(`${head}.${body}`);
  const options = { key, dsaEncoding: "ieee-p1363" } as const;
  return verify("sha256", data, options, Buffer.from(signature, "base64url"));
};

describe("the key of service account tokens", () => {
  it("signs what everybody can verify", () => {
    const { sign, keySet } = tokenKeyOf(1);
    for (let count = 0; count < 20; count += 1) {
      const token = sign({ sub: "system:serviceaccount:default:default", jti: String(count) });
      expect(isGenuine(token, keySet)).toBe(true);
      const [head, , signature] = token.split(".");
      const forged = Buffer.from('{"sub":"system:admin"}').toString("base64url");
      expect(isGenuine([head, forged, signature].join("."), keySet)).toBe(false);
    }
  });

  it("follows from the seed, and so do the tokens", () => {
    const claims = { sub: "a" };
    expect(tokenKeyOf(7).sign(claims)).toBe(tokenKeyOf(7).sign(claims));
    expect(isGenuine(tokenKeyOf(7).sign(claims), tokenKeyOf(8).keySet)).toBe(false);
  });
});
