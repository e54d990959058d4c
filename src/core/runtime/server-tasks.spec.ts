import { describe, expect, it } from "vitest";
import { TASKS_PER_PROCESS } from "./limits.js";
import { asImageSys } from "./kernel/image-sys.js";
import { TestMachine } from "./testing/test-machine.js";

const AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.53";

describe("servers answer side by side", () => {
  it("one that dials itself gets its answer", () => {
    const machine = new TestMachine();
    const id = machine.start({ image: AGNHOST, args: ["netexec"] });
    machine.advance(1);
    const url =
      "127.0.0.1:8080/dial?host=127.0.0.1&port=8080&request=hostname&protocol=http&tries=2";
    const { stdout } = machine.exec(id, ["curl", "-s", url]);
    expect(stdout).toBe('{"responses":["p","p"]}');
  });

  it("a request that takes long holds up no other one", () => {
    const machine = new TestMachine();
    const id = machine.start({ image: AGNHOST, args: ["netexec"] });
    machine.advance(1);
    const { stdout } = machine.exec(id, [
      "sh",
      "-c",
      "curl -s '127.0.0.1:8080/shell?cmd=sleep%2020;echo%20late' & curl -s -m 2 127.0.0.1:8080/hostname; echo; wait",
    ]);
    expect(stdout).toBe('p\n{"output":"late\\n"}');
  });

  it("agnhost no-snat-test-proxy passes on what the test behind it says", () => {
    const machine = new TestMachine();
    const sandbox = machine.sandbox();
    const env = [
      ["POD_IP", "127.0.0.1"],
      ["NODE_IP", "192.168.0.11"],
    ] as const;
    const args = ["no-snat-test", "--port=8081"];
    machine.start(
      { image: AGNHOST, args, env: env.map(([name, value]) => ({ name, value })) },
      sandbox,
    );
    const proxy = { image: AGNHOST, name: "proxy", args: ["no-snat-test-proxy"] };
    const id = machine.start(proxy, sandbox);
    machine.advance(1);
    const ask = (target: string): string =>
      machine.exec(id, [
        "curl",
        "-s",
        "-w",
        "%{http_code}",
        `127.0.0.1:31235/checknosnat?target=${target}&ips=127.0.0.1:8081`,
      ]).stdout;
    expect(ask("127.0.0.1:8081")).toBe("200");
    expect(ask("127.0.0.1:1")).toBe(
      'error querying "http://127.0.0.1:1/checknosnat?ips=127.0.0.1:8081", err: ' +
        'Get "http://127.0.0.1:1/checknosnat?ips=127.0.0.1:8081": dial tcp 127.0.0.1:1: connect: connection refused500',
    );
  });

  it("goes on with those that are due, and has room for so many", () => {
    const machine = new TestMachine();
    const order: string[] = [];
    machine.run(function* (sys) {
      const tasks = asImageSys(sys).tasks();
      for (let index = 0; index < TASKS_PER_PROCESS; index += 1) {
        tasks.start(
          (function* () {
            yield* sys.sleep(index === 0 ? 2000 : 1000);
            if (index < 3) order.push(`${String(index)} at ${String(sys.nowMs())}`);
          })(),
        );
      }
      expect(tasks.hasRoom).toBe(false);
      expect(() => {
        tasks.start(sys.pause());
      }).toThrow("no room");
      const startMs = sys.nowMs();
      while (!tasks.isEmpty) yield* tasks.poll([]);
      expect(sys.nowMs() - startMs).toBeLessThan(2100);
      return 0;
    });
    expect(order.map((line) => line.split(" ")[0])).toEqual(["1", "2", "0"]);
  });
});
