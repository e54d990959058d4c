import { describe, expect, it } from "vitest";
import { base64OfText, type Service } from "../api/index.js";
import { expand } from "./expansion.js";
import { serviceEnvironment } from "./service-environment.js";
import { TestCluster } from "./testing/test-cluster.js";

const environmentOf = (container: Record<string, unknown>): Map<string, string> => {
  const cluster = new TestCluster();
  cluster.create("configmaps", { metadata: { name: "m" }, data: { K: "map", ONLY: "here" } });
  cluster.create("secrets", { metadata: { name: "s" }, data: { K: base64OfText("sécret") } });
  cluster.createPod(
    { containers: [{ name: "app", image: "app:1", ...container }] },
    { labels: { app: "x" } },
  );
  cluster.runSeconds(5);
  const env = cluster.runtime.configsOf("app")[0]?.env ?? [];
  return new Map(env.map(({ name, value }) => [name, value]));
};

describe("the environment of a container", () => {
  it("VOL-5: fields of the pod", () => {
    const field = (name: string, fieldPath: string): unknown => ({
      name,
      valueFrom: { fieldRef: { fieldPath } },
    });
    const env = environmentOf({
      env: [
        field("NAME", "metadata.name"),
        field("NAMESPACE", "metadata.namespace"),
        field("LABEL", "metadata.labels['app']"),
        field("NODE", "spec.nodeName"),
        field("IP", "status.podIP"),
        field("HOST", "status.hostIP"),
      ],
    });
    expect([...env].slice(0, 4)).toEqual([
      ["NAME", "p"],
      ["NAMESPACE", "default"],
      ["LABEL", "x"],
      ["NODE", "node-1"],
    ]);
    expect(env.get("IP")).toMatch(/^10\.244\.1\./);
    expect(env.get("HOST")).toBe("172.18.0.2");
  });

  it("VOL-5: resources, rounded up to whole divisors; what is not limited is the node's", () => {
    const resource = (name: string, of: string, divisor?: string): unknown => ({
      name,
      valueFrom: { resourceFieldRef: { resource: of, ...(divisor ? { divisor } : {}) } },
    });
    const env = environmentOf({
      resources: { requests: { cpu: "250m", memory: "32Mi" } },
      env: [
        resource("CPU", "requests.cpu"),
        resource("MILLI", "requests.cpu", "1m"),
        resource("MEMORY", "requests.memory", "1Mi"),
        resource("LIMIT", "limits.cpu"),
      ],
    });
    expect([env.get("CPU"), env.get("MILLI"), env.get("MEMORY"), env.get("LIMIT")]).toEqual([
      "1",
      "250",
      "32",
      "8",
    ]);
  });

  it("maps, secrets and values: env wins over envFrom, optional ones may be missing", () => {
    const env = environmentOf({
      envFrom: [
        { prefix: "P_", configMapRef: { name: "m" } },
        { secretRef: { name: "s" } },
        { configMapRef: { name: "none", optional: true } },
      ],
      env: [
        { name: "P_K", value: "own" },
        { name: "FROM", value: "$(P_ONLY)-$(K)-$(NONE)-$$(K)" },
        {
          name: "GONE",
          valueFrom: { configMapKeyRef: { name: "m", key: "none", optional: true } },
        },
      ],
    });
    expect(env.get("P_K")).toBe("own");
    expect(env.get("K")).toBe("sécret");
    expect(env.get("FROM")).toBe("here-sécret-$(NONE)-$(K)");
    expect(env.has("GONE")).toBe(false);
  });

  it("NS-6: services, in the form links once had", () => {
    const service = (namespace: string, name: string, spec: Record<string, unknown>): Service =>
      ({ metadata: { namespace, name }, spec }) as unknown as Service;
    const services = [
      service("default", "kubernetes", { clusterIP: "10.96.0.1", ports: [{ port: 443 }] }),
      service("a", "my-db", { clusterIP: "10.96.0.9", ports: [{ name: "main", port: 5432 }] }),
      service("a", "headless", { clusterIP: "None", ports: [{ port: 1 }] }),
      service("b", "other", { clusterIP: "10.96.0.8", ports: [{ port: 1 }] }),
    ];
    expect(Object.fromEntries(serviceEnvironment(services, "a", true))).toMatchObject({
      KUBERNETES_SERVICE_HOST: "10.96.0.1",
      MY_DB_SERVICE_HOST: "10.96.0.9",
      MY_DB_SERVICE_PORT: "5432",
      MY_DB_SERVICE_PORT_MAIN: "5432",
      MY_DB_PORT: "tcp://10.96.0.9:5432",
      MY_DB_PORT_5432_TCP: "tcp://10.96.0.9:5432",
      MY_DB_PORT_5432_TCP_PROTO: "tcp",
      MY_DB_PORT_5432_TCP_ADDR: "10.96.0.9",
    });
    const names = [...serviceEnvironment(services, "a", true).keys()];
    expect(names.some((name) => /HEADLESS|OTHER/.test(name))).toBe(false);
    const without = [...serviceEnvironment(services, "a", false).keys()];
    expect(without.every((name) => name.startsWith("KUBERNETES"))).toBe(true);
  });

  it.each([
    ["$(A)", "a"],
    ["$$(A)", "$(A)"],
    ["$(NONE)", "$(NONE)"],
    ["$(A", "$(A"],
    ["$A $", "$A $"],
    ["$(A)$(A)", "aa"],
  ])("NS-6: %s becomes %s", (input, output) => {
    expect(expand(input, (name) => (name === "A" ? "a" : undefined))).toBe(output);
  });
});
