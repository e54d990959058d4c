import { describe, expect, it } from "vitest";
import { pathCandidates } from "./search-path.js";

describe("PATH", () => {
  it.each<[string, string, readonly string[]]>([
    ["each directory in order", "/bin:/usr/bin", ["/bin/x", "/usr/bin/x"]],
    ["an empty one is the working directory", ":/bin:", ["./x", "/bin/x"]],
    ["each once", "/bin:/sbin:/bin::/sbin:", ["/bin/x", "/sbin/x", "./x"]],
  ])("%s", (_name, path, expected) => {
    expect([...pathCandidates("x", path)]).toEqual(expected);
  });

  it("no more than 4096 of them", () => {
    const path = Array.from({ length: 5000 }, (_, index) => `/${String(index)}`).join(":");
    expect([...pathCandidates("x", path)]).toHaveLength(4096);
  });
});
