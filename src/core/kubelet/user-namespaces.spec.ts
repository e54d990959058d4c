import { describe, expect, it } from "vitest";
import { UserNamespaces } from "./user-namespaces.js";

describe("user namespaces of pods", () => {
  it("each pod has a range of its own, which is given out again when it is gone", () => {
    const namespaces = new UserNamespaces();
    expect(namespaces.of("a")).toEqual({ hostId: 65_536, length: 65_536 });
    expect(namespaces.of("b")).toEqual({ hostId: 131_072, length: 65_536 });
    expect(namespaces.of("a")).toEqual({ hostId: 65_536, length: 65_536 });
    namespaces.forget("a");
    expect(namespaces.of("c")).toEqual({ hostId: 65_536, length: 65_536 });
  });

  it("no more than there are IDs", () => {
    const namespaces = new UserNamespaces();
    for (let index = 0; index < 65_535; index += 1) namespaces.of(`p${index}`);
    expect(namespaces.of("one-too-many")).toBeNull();
  });
});
