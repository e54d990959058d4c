import { badRequest } from "../api/index.js";

/** Where a paged list goes on: the version of its first page and the key behind which the next page begins. */
export interface ContinueToken {
  /** -1: go on with what is there now. */
  readonly resourceVersion: number;
  /** The key of the last object that was given. */
  readonly after: string;
}

/** apiserver storage/continue.go EncodeContinue, 1.34: base64url without padding, of a JSON object. The NUL says "right behind it". */
export const encodeContinue = (token: ContinueToken): string =>
  encodeBase64Url(
    JSON.stringify({
      v: "meta.k8s.io/v1",
      rv: token.resourceVersion,
      start: `${token.after}\u0000`,
    }),
  );

/** @throws StatusError 400 */
export const decodeContinue = (text: string): ContinueToken => {
  const token = parseToken(text);
  if (token["v"] !== "meta.k8s.io/v1") {
    const version = typeof token["v"] === "string" ? token["v"] : "";
    throw invalidToken(
      `continue key is not valid: server does not recognize this encoded version ${version}`,
    );
  }
  const { rv, start } = token;
  if (typeof rv !== "number" || rv === 0) {
    throw invalidToken(
      "continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)",
    );
  }
  if (typeof start !== "string" || start === "") {
    throw invalidToken(
      "continue key is not valid: encoded start key empty (version meta.k8s.io/v1)",
    );
  }
  if (start.split("/").some((part) => part === "" || part === "." || part === "..")) {
    throw invalidToken(`continue key is not valid: ${start}`);
  }
  return { resourceVersion: rv, after: start.replace(/\u0000$/, "") };
};

const invalidToken = (why: string) => badRequest(`invalid continue token: ${why}`);

const parseToken = (text: string): Record<string, unknown> => {
  const json = decodeBase64Url(text);
  if (json === null) {
    throw invalidToken("continue key is not valid: illegal base64 data at input byte 0");
  }
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through: it is no JSON.
  }
  throw invalidToken("continue key is not valid: invalid character in continue token");
};

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Keys are ASCII, so each character is one byte. */
const encodeBase64Url = (text: string): string => {
  let encoded = "";
  let bits = 0;
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    bits = ((bits << 8) | (text.charCodeAt(index) & 0xff)) & 0xffff;
    count += 8;
    while (count >= 6) {
      count -= 6;
      encoded += ALPHABET.charAt((bits >> count) & 63);
    }
  }
  return count === 0 ? encoded : encoded + ALPHABET.charAt((bits << (6 - count)) & 63);
};

const decodeBase64Url = (text: string): string | null => {
  let decoded = "";
  let bits = 0;
  let count = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    decoded += String.fromCharCode((bits >> count) & 0xff);
  }
  return decoded;
};
