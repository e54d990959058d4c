import { describe, expect, it } from "vitest";
import type { Pod } from "../api/index.js";
import { podDns } from "./pod-dns.js";

const NODE =
  "# made by hand\nnameserver 1.1.1.1\nnameserver 2.2.2.2\nsearch old.example\nsearch corp.example. .\noptions timeout:1 rotate\n";
const settings = (spec: Record<string, unknown>): ReturnType<typeof podDns> =>
  podDns(
    {
      metadata: { name: "p", namespace: "ns" },
      spec: { containers: [], ...spec },
    } as unknown as Pod,
    {
      clusterDns: ["10.96.0.10"],
      clusterDomain: "cluster.local",
      nodeResolvConf: NODE,
    },
  );

describe("podDns", () => {
  it("NS-3: the node's search domains come after the cluster's; its servers and options stay out", () => {
    expect(settings({ dnsPolicy: "ClusterFirst" })).toEqual({
      settings: {
        servers: ["10.96.0.10"],
        searches: [
          "ns.svc.cluster.local",
          "svc.cluster.local",
          "cluster.local",
          "corp.example",
          ".",
        ],
        options: ["ndots:5"],
      },
      problems: [],
    });
  });

  it("NS-3: Default is what the node has; dnsConfig adds to it and replaces options", () => {
    const dnsConfig = {
      nameservers: ["1.1.1.1", "3.3.3.3"],
      options: [{ name: "timeout", value: "2" }, { name: "edns0" }],
    };
    expect(settings({ dnsPolicy: "Default", dnsConfig }).settings).toEqual({
      servers: ["1.1.1.1", "2.2.2.2", "3.3.3.3"],
      searches: ["corp.example", "."],
      options: ["timeout:2", "rotate", "edns0"],
    });
  });

  it.each([
    { count: 27, length: 10, kept: 32 },
    { count: 28, length: 10, kept: 32 },
    { count: 27, length: 254, kept: 5 },
    { count: 27, length: 253, kept: 12 },
  ])("bounds: $count domains of $length characters: $kept stay", ({ count, length, kept }) => {
    const searches = Array.from({ length: count }, (_, index) =>
      String(index).padStart(length, "a"),
    );
    const { settings: applied, problems } = settings({
      dnsPolicy: "ClusterFirst",
      dnsConfig: { searches },
    });
    expect(applied.searches).toHaveLength(kept);
    expect(problems).toHaveLength(kept === count + 5 ? 0 : 1);
  });
});
