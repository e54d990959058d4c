import { describe, expect, it } from "vitest";
import type { Service } from "../../api/index.js";
import { refusalOf, RegistryFixture } from "../testing/registry-fixture.js";

const service = (name: string, spec: object): object => ({
  metadata: { name },
  spec: { ports: [{ port: 80 }], ...spec },
});

describe("addresses of services", () => {
  it("keeps the address that is asked for, and refuses it to the next one", () => {
    const fixture = new RegistryFixture();
    const first = fixture.create<Service>("services", service("a", { clusterIP: "10.96.0.20" }));
    expect(first.spec).toMatchObject({
      clusterIP: "10.96.0.20",
      clusterIPs: ["10.96.0.20"],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
    });
    const taken = service("b", { clusterIP: "10.96.0.20" });
    expect(refusalOf(() => fixture.create("services", taken)).status).toMatchObject({
      code: 422,
      message:
        'Service "b" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.20"]: failed to allocate IP 10.96.0.20: provided IP is already allocated',
    });
    fixture.delete("services", "a");
    fixture.create("services", taken);
  });

  it("refuses an address outside the service network", () => {
    const fixture = new RegistryFixture();
    const body = service("a", { clusterIP: "192.168.0.1" });
    expect(refusalOf(() => fixture.create("services", body)).status.message).toContain(
      "the provided IP (192.168.0.1) is not in the valid range. The range of valid IPs is 10.96.0.0/12",
    );
  });

  it("gives none to a headless service, nor to an external name", () => {
    const fixture = new RegistryFixture();
    const headless = fixture.create<Service>("services", service("a", { clusterIP: "None" }));
    expect(headless.spec).toMatchObject({ clusterIP: "None", clusterIPs: ["None"] });
    const external = fixture.create<Service>("services", {
      metadata: { name: "b" },
      spec: { type: "ExternalName", externalName: "example.com" },
    });
    expect(external.spec.clusterIP).toBeUndefined();
    expect(external.spec.ipFamilies).toBeUndefined();
  });

  it("stays when an update does not name it", () => {
    const fixture = new RegistryFixture();
    const { spec } = fixture.create<Service>("services", service("a", {}));
    const updated = fixture.update<Service>(
      "services",
      "a",
      service("a", { selector: { app: "a" } }),
    );
    expect(updated.spec.clusterIP).toBe(spec.clusterIP);
    expect(updated.spec.selector).toEqual({ app: "a" });
  });
});

describe("node ports", () => {
  it("are given, kept on updates, and taken back with the type", () => {
    const fixture = new RegistryFixture();
    const made = fixture.create<Service>("services", service("a", { type: "NodePort" }));
    const nodePort = made.spec.ports?.[0]?.nodePort ?? 0;
    expect(nodePort).toBeGreaterThanOrEqual(30086);
    expect(nodePort).toBeLessThanOrEqual(32767);
    const kept = fixture.update<Service>("services", "a", service("a", { type: "NodePort" }));
    expect(kept.spec.ports?.[0]?.nodePort).toBe(nodePort);
    const plain = fixture.update<Service>("services", "a", {
      ...kept,
      spec: { ...kept.spec, type: "ClusterIP" },
    });
    expect(plain.spec.ports?.[0]?.nodePort).toBeUndefined();
  });

  it.each([
    [30000, "provided port is already allocated"],
    [80, "provided port is not in the valid range. The range of valid ports is 30000-32767"],
  ])("refuses %d", (nodePort, why) => {
    const fixture = new RegistryFixture();
    const spec = { type: "NodePort", ports: [{ port: 80, nodePort: 30000 }] };
    fixture.create("services", service("a", spec));
    const next = { ...spec, ports: [{ port: 80, nodePort }] };
    expect(refusalOf(() => fixture.create("services", service("b", next))).status.message).toBe(
      `Service "b" is invalid: spec.ports[0].nodePort: Invalid value: ${nodePort}: ${why}`,
    );
  });

  it("is one for both protocols of a port", () => {
    const fixture = new RegistryFixture();
    const ports = [
      { name: "tcp", port: 53, protocol: "TCP" },
      { name: "udp", port: 53, protocol: "UDP" },
    ];
    const { spec } = fixture.create<Service>(
      "services",
      service("dns", { type: "NodePort", ports }),
    );
    expect(spec.ports?.[0]?.nodePort).toBe(spec.ports?.[1]?.nodePort);
  });
});
