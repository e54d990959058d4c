import { describe, expect, it } from "vitest";
import { printed, resource } from "./testing/fixtures.js";
import type { Golden } from "./testing/fixtures.js";

const NETWORK: readonly Golden[] = [
  [
    "a service within the cluster",
    "services",
    "",
    {
      spec: {
        type: "ClusterIP",
        clusterIPs: ["10.96.0.1"],
        ports: [{ port: 443, protocol: "TCP" }],
        selector: { b: "2", a: "1" },
      },
      status: {},
    },
    {
      NAME: "a",
      TYPE: "ClusterIP",
      "CLUSTER-IP": "10.96.0.1",
      "EXTERNAL-IP": "<none>",
      "PORT(S)": "443/TCP",
      AGE: "60m",
      "<SELECTOR>": "a=1,b=2",
    },
  ],
  [
    "a service on every node",
    "services",
    "",
    {
      spec: {
        type: "NodePort",
        clusterIPs: ["10.96.0.1"],
        externalIPs: ["1.2.3.4"],
        ports: [
          { port: 80, nodePort: 30080, protocol: "TCP" },
          { port: 53, protocol: "UDP" },
        ],
      },
      status: {},
    },
    {
      NAME: "a",
      TYPE: "NodePort",
      "CLUSTER-IP": "10.96.0.1",
      "EXTERNAL-IP": "1.2.3.4",
      "PORT(S)": "80:30080/TCP,53/UDP",
      AGE: "60m",
      "<SELECTOR>": "<none>",
    },
  ],
  [
    "a service with a balancer",
    "services",
    "",
    {
      spec: { type: "LoadBalancer", clusterIPs: ["10.96.0.1"], externalIPs: ["9.9.9.9"] },
      status: { loadBalancer: { ingress: [{ ip: "5.5.5.5" }, { hostname: "b.example" }, {}] } },
    },
    {
      NAME: "a",
      TYPE: "LoadBalancer",
      "CLUSTER-IP": "10.96.0.1",
      "EXTERNAL-IP": "5.5.5.5,b.example,9.9.9.9",
      "PORT(S)": "<none>",
      AGE: "60m",
      "<SELECTOR>": "<none>",
    },
  ],
  [
    "a name for something outside",
    "services",
    "",
    { spec: { type: "ExternalName", externalName: "db.example" }, status: {} },
    {
      NAME: "a",
      TYPE: "ExternalName",
      "CLUSTER-IP": "<none>",
      "EXTERNAL-IP": "db.example",
      "PORT(S)": "<none>",
      AGE: "60m",
      "<SELECTOR>": "<none>",
    },
  ],
  [
    "endpoints of several ports",
    "endpoints",
    "",
    {
      subsets: [
        {
          addresses: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }],
          ports: [{ port: 80 }, { port: 443 }],
        },
        { addresses: [{ ip: "10.0.0.9" }] },
      ],
    },
    { NAME: "a", ENDPOINTS: "10.0.0.1:80,[fd00::1]:80,10.0.0.1:443 + 2 more...", AGE: "60m" },
  ],
  ["no endpoints", "endpoints", "", {}, { NAME: "a", ENDPOINTS: "<none>", AGE: "60m" }],
  [
    "an endpoint slice",
    "endpointslices",
    "discovery.k8s.io",
    {
      addressType: "IPv4",
      ports: [{ port: 80 }, { name: "x" }, {}, { port: 1 }],
      endpoints: [{ addresses: ["10.0.0.1"] }, { addresses: ["10.0.0.2"] }],
    },
    {
      NAME: "a",
      ADDRESSTYPE: "IPv4",
      PORTS: "80,x,* + 1 more...",
      ENDPOINTS: "10.0.0.1,10.0.0.2",
      AGE: "60m",
    },
  ],
  [
    "an endpoint slice of nothing",
    "endpointslices",
    "discovery.k8s.io",
    { addressType: "IPv4" },
    { NAME: "a", ADDRESSTYPE: "IPv4", PORTS: "<unset>", ENDPOINTS: "<unset>", AGE: "60m" },
  ],
];

describe("tables of the network", () => {
  it.each([...NETWORK])("%s", (_title, plural, group, given, expected) => {
    expect(printed(resource(plural, group), given)).toEqual(expected);
  });
});
