import { describe, expect, it } from "vitest";
import { defaultPullPolicy, formatImageReference, parseImageReference } from "./image-reference.js";

const DIGEST = `sha256:${"a".repeat(64)}`;

describe("image references", () => {
  it.each([
    ["busybox", "docker.io/library/busybox:latest"],
    ["busybox:1.36", "docker.io/library/busybox:1.36"],
    ["me/app", "docker.io/me/app:latest"],
    ["registry.k8s.io/pause:3.9", "registry.k8s.io/pause:3.9"],
    ["localhost/app", "localhost/app:latest"],
    ["localhost:5000/app:x", "localhost:5000/app:x"],
    ["Reg/app", "Reg/app:latest"],
    ["index.docker.io/busybox", "docker.io/library/busybox:latest"],
    ["[::1]:5000/app", "[::1]:5000/app:latest"],
    [`busybox@${DIGEST}`, `docker.io/library/busybox@${DIGEST}`],
    [`busybox:1@${DIGEST}`, `docker.io/library/busybox:1@${DIGEST}`],
    ["a__b/c-d.e", "docker.io/a__b/c-d.e:latest"],
  ])("%s is %s", (text, expected) => {
    const result = parseImageReference(text);
    expect(result.ok ? formatImageReference(result.reference) : result.message).toBe(expected);
  });

  it.each([
    ["", "invalid reference format"],
    ["a b", "invalid reference format"],
    ["busybox:", "invalid reference format"],
    ["busybox:a/b", "invalid reference format"],
    ["-busybox", "invalid reference format"],
    ["a//b", "invalid reference format"],
    ["busybox@sha256:1", "invalid reference format"],
    ["me/App", "invalid reference format: repository name (me/App) must be lowercase"],
    [`busybox@sha256:${"a".repeat(63)}`, "invalid checksum digest length"],
    [`busybox@md5:${"a".repeat(32)}`, "unsupported digest algorithm"],
    [
      "f".repeat(64),
      `invalid repository name (${"f".repeat(64)}), cannot specify 64-byte hexadecimal strings`,
    ],
    ["a".repeat(256), "repository name must not be more than 255 characters"],
  ])("refuses %j", (text, message) => {
    expect(parseImageReference(text)).toEqual({ ok: false, message });
  });

  it.each([
    ["a", "Always"],
    ["a:latest", "Always"],
    ["a:1", "IfNotPresent"],
    [`a@${DIGEST}`, "IfNotPresent"],
    ["not valid", "IfNotPresent"],
  ])("DEF-2: the pull policy of %s is %s", (image, policy) => {
    expect(defaultPullPolicy(image)).toBe(policy);
  });
});
