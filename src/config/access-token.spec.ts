import { expect, it } from "vitest";
import { AccessToken, type Credentials } from "./access-token.js";

it.each<[string, Credentials, boolean]>([
  ["nothing", {}, false],
  ["the token", { authorization: "Bearer secret" }, true],
  ["the token, spelt otherwise", { authorization: "bearer  secret " }, true],
  ["another token", { authorization: "Bearer secre" }, false],
  ["a longer token", { authorization: "Bearer secretsecret" }, false],
  ["another scheme", { authorization: "Basic secret" }, false],
  ["the token in the query", { queryToken: "secret" }, true],
  ["another token in the query", { queryToken: "x" }, false],
  ["an empty token in the query", { queryToken: "" }, false],
  [
    "a wrong header beside a right query",
    { authorization: "Bearer x", queryToken: "secret" },
    false,
  ],
])("an access token admits %s: %s", (_, credentials, expected) => {
  expect(new AccessToken("secret").admits(credentials)).toBe(expected);
  expect(new AccessToken(null).admits(credentials)).toBe(true);
});
