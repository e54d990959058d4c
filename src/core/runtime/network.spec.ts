import type { Call } from "../engine/index.js";
import { describe, expect, it } from "vitest";
import { Engine } from "../engine/index.js";
import type { Sys, SysError } from "../shell/index.js";
import { ClusterNetwork } from "./cluster-network.js";
import type { HttpGetRequest } from "./pod-network.js";
import { bytesOf, TestMachine, textOf } from "./testing/test-machine.js";

const get = (more: Partial<HttpGetRequest>): HttpGetRequest => ({
  scheme: "HTTP",
  host: "10.244.1.2",
  port: 80,
  path: "/",
  headers: [],
  timeoutMs: 1000,
  ...more,
});

const errnoOf = function* (sys: Sys, host: string, port: number, timeoutMs = 60_000) {
  const begun = sys.nowMs();
  try {
    sys.close(yield* sys.connect({ host, port }, timeoutMs));
    return "connected";
  } catch (error) {
    return `${(error as SysError).errno} after ${String(sys.nowMs() - begun)}`;
  }
};

/** Answers every line with itself in capitals. */
const echo = (sys: Sys, port: number, host = "0.0.0.0") =>
  sys.fork("echo", function* (own) {
    const listener = own.listen({ host, port }, 5);
    for (;;) {
      const fd = yield* own.accept(listener);
      for (;;) {
        const bytes = yield* own.read(fd, 1000);
        if (bytes.length === 0) break;
        yield* own.write(fd, bytesOf(textOf(bytes).toUpperCase()));
      }
      own.close(fd);
    }
  });

describe("connections between pods", () => {
  it("reach localhost, the pod's own address and other nodes' pods", () => {
    const engine = new Engine({ seed: 1, startMs: 0 });
    const network = new ClusterNetwork();
    const here = new TestMachine({ engine, network });
    const there = new TestMachine({
      engine,
      network,
      nodeName: "node-2",
      podCidr: "10.244.2.0/24",
      nodeIp: "192.168.0.12",
    });
    here.start(
      here.program("server", function* (sys) {
        echo(sys, 7000);
        for (;;) yield* sys.pause();
      }),
    );
    const seen: string[] = [];
    const ask = function* (sys: Sys, host: string) {
      const fd = yield* sys.connect({ host, port: 7000 }, 1000);
      yield* sys.write(fd, bytesOf("hello"));
      seen.push(`${host} ${textOf(yield* sys.read(fd, 100))}`);
      sys.shutdown(fd);
      seen.push(String((yield* sys.read(fd, 100)).length));
      sys.close(fd);
    };
    there.run(function* (sys) {
      yield* ask(sys, "10.244.1.2");
      return 0;
    });
    here.run(function* (sys) {
      echo(sys, 7000);
      yield* sys.sleep(10);
      yield* ask(sys, "127.0.0.1");
      yield* ask(sys, "10.244.1.3");
      yield* ask(sys, "10.244.1.2");
      return 0;
    });
    expect(seen).toEqual([
      "10.244.1.2 HELLO",
      "0",
      "127.0.0.1 HELLO",
      "0",
      "10.244.1.3 HELLO",
      "0",
      "10.244.1.2 HELLO",
      "0",
    ]);
  });

  it.each<[string, string, number, number, string]>([
    ["nobody listens", "127.0.0.1", 81, 60_000, "ECONNREFUSED after 0"],
    ["nobody has the address", "10.244.1.99", 80, 60_000, "EHOSTUNREACH after 3072"],
    ["time is up first", "10.244.1.99", 80, 1000, "ETIMEDOUT after 1000"],
    ["it is outside", "93.184.216.34", 80, 5000, "ETIMEDOUT after 5000"],
    ["it listens on the loopback alone", "10.244.1.2", 9000, 60_000, "ECONNREFUSED after 0"],
  ])("%s", (_name, host, port, timeoutMs, expected) => {
    let seen = "";
    new TestMachine().run(
      function* (sys) {
        echo(sys, 9000, "127.0.0.1");
        yield* sys.sleep(1);
        seen = yield* errnoOf(sys, host, port, timeoutMs);
        return 0;
      },
      {},
      120,
    );
    expect(seen).toBe(expected);
  });

  it("an address that is taken, and one that is not ours", () => {
    const seen: unknown[] = [];
    new TestMachine().run(function* (sys) {
      sys.listen({ host: "0.0.0.0", port: 80 }, 1);
      for (const host of ["127.0.0.1", "10.9.9.9"]) {
        try {
          sys.listen({ host, port: 80 }, 1);
        } catch (error) {
          seen.push((error as SysError).errno);
        }
      }
      seen.push(sys.sockets().map(({ state, local }) => `${state} ${String(local.port)}`));
      return 0;
    });
    expect(seen).toEqual(["EADDRINUSE", "EADDRNOTAVAIL", ["LISTEN 80"]]);
  });

  it("containers of a pod share ports, pods on the host network the node's", () => {
    const machine = new TestMachine();
    const pod = machine.sandbox();
    const [first, second] = [
      machine.start({ image: "nginx" }, pod),
      machine.start({ image: "nginx" }, pod),
    ];
    machine.advance(5);
    expect([machine.status(first).state, machine.status(second).exitCode]).toEqual(["running", 1]);
    expect(machine.lines.at(-1)).toBe("stderr nginx: [emerg] still could not bind()");
    const host = machine.sandbox({ hostNetwork: true });
    machine.start({ image: "nginx" }, host);
    machine.advance(1);
    expect(
      machine.call(machine.runtime.network.httpGet(get({ host: "192.168.0.11" }))),
    ).toMatchObject({ status: 200 });
  });

  it("a peer that is gone: end of file, then a broken pipe", () => {
    const seen: unknown[] = [];
    new TestMachine().run(function* (sys) {
      const listener = sys.listen({ host: "0.0.0.0", port: 80 }, 1);
      const pid = sys.fork("client", function* (own) {
        yield* own.connect({ host: "127.0.0.1", port: 80 }, 1000);
        return 0;
      });
      const fd = yield* sys.accept(listener);
      yield* sys.wait(pid);
      seen.push((yield* sys.read(fd, 10)).length);
      sys.onSignal("PIPE", "ignore");
      try {
        yield* sys.write(fd, bytesOf("x"));
      } catch (error) {
        seen.push((error as SysError).errno);
      }
      return 0;
    });
    expect(seen).toEqual([0, "EPIPE"]);
  });

  it("names: /etc/hosts, then the cluster's DNS by the search list", () => {
    const machine = new TestMachine();
    const asked: string[] = [];
    machine.network.dns = (name, type) => {
      asked.push(`${name} ${type}`);
      return name === "web.default.svc.cluster.local"
        ? { kind: "records", records: ["10.96.0.7"] }
        : { kind: "no-such-name" };
    };
    machine.runtime.files.writeFile("/hosts", "127.0.0.1\tlocalhost\n10.1.1.1\tfoo bar\n");
    const seen: unknown[] = [];
    machine.run(
      function* (sys) {
        for (const name of ["foo", "10.1.2.3", "web", "nowhere.example.com."]) {
          try {
            seen.push((yield* sys.resolve(name, "A"))[0]);
          } catch (error) {
            seen.push((error as SysError).errno);
          }
        }
        return 0;
      },
      {
        mounts: [
          ...machine.program("main", function* () {
            return 0;
          }).mounts,
          { containerPath: "/etc/hosts", hostPath: "/hosts", readOnly: false },
        ],
      },
    );
    expect(seen).toEqual(["10.1.1.1", "10.1.2.3", "10.96.0.7", "ENOENT"]);
    expect(asked).toEqual(["web.default.svc.cluster.local A", "nowhere.example.com A"]);
  });

  it("what a router says of an address that is no pod's", () => {
    const machine = new TestMachine();
    machine.start({ image: "nginx" });
    machine.network.router = (host, port) =>
      host === "10.96.0.7"
        ? { to: "address", host: "10.244.1.2", port }
        : { to: host === "10.96.0.8" ? "nowhere" : "void" };
    const seen: string[] = [];
    machine.run(
      function* (sys) {
        seen.push(yield* errnoOf(sys, "10.96.0.7", 80), yield* errnoOf(sys, "10.96.0.8", 80));
        seen.push(yield* errnoOf(sys, "10.96.0.9", 80, 5000));
        return 0;
      },
      {},
      20,
    );
    expect(seen).toEqual(["connected", "ECONNREFUSED after 0", "ETIMEDOUT after 5000"]);
  });

  it("addresses are given out in turn, and come back", () => {
    const machine = new TestMachine({ podCidr: "10.0.0.0/29" });
    const ids = Array.from({ length: 5 }, () => machine.sandbox());
    expect(ids.map((id) => machine.runtime.podSandboxStatus(id)?.ip)).toEqual(
      ["2", "3", "4", "5", "6"].map((last) => `10.0.0.${last}`),
    );
    expect(() => machine.sandbox()).toThrow("no IP addresses available in range set: 10.0.0.0/29");
    machine.call(machine.runtime.stopPodSandbox(ids[1] ?? ""));
    expect(machine.runtime.podSandboxStatus(machine.sandbox())?.ip).toBe("10.0.0.3");
  });
});

describe("what the node dials", () => {
  it.each<[string, string, Partial<HttpGetRequest>, unknown]>([
    [
      "an answer",
      "agnhost liveness",
      { port: 8080, path: "/healthz" },
      { status: 200, body: "ok", error: null },
    ],
    [
      "an error status",
      "agnhost netexec",
      { port: 8080, path: "/echo?msg=no&code=503" },
      { status: 503, body: "no" },
    ],
    [
      "headers",
      "agnhost netexec",
      { port: 8080, path: "/header?key=X-A", headers: [{ name: "X-A", value: "b" }] },
      { body: "b" },
    ],
    [
      "a redirect",
      "agnhost netexec",
      { port: 8080, path: "/redirect?location=/x" },
      { status: 302, headers: expect.objectContaining({ location: "/x" }) as object },
    ],
    [
      "TLS",
      "agnhost netexec --tls-cert-file=c --tls-private-key-file=k",
      { scheme: "HTTPS", port: 8080, path: "/healthz" },
      { status: 200 },
    ],
    [
      "plain HTTP to TLS",
      "agnhost netexec --tls-cert-file=c",
      { port: 8080 },
      { status: 400, body: "Client sent an HTTP request to an HTTPS server.\n" },
    ],
    [
      "TLS to plain HTTP",
      "agnhost netexec",
      { scheme: "HTTPS", port: 8080 },
      { error: 'Get "https://10.244.1.2:8080/": http: server gave HTTP response to HTTPS client' },
    ],
    [
      "PROBE-10: a refusal",
      "agnhost pause",
      { port: 8080 },
      {
        error:
          'Get "http://10.244.1.2:8080/": dial tcp 10.244.1.2:8080: connect: connection refused',
      },
    ],
  ])("%s", (_name, command, request, expected) => {
    const machine = new TestMachine();
    const [, ...args] = command.split(" ");
    machine.start({ image: "agnhost", args });
    machine.advance(1);
    expect(machine.call(machine.runtime.network.httpGet(get(request)))).toMatchObject(
      expected as object,
    );
  });

  it("PROBE-10: a server that does not answer in time", () => {
    const machine = new TestMachine();
    machine.start(
      machine.program("mute", function* (sys) {
        const listener = sys.listen({ host: "0.0.0.0", port: 80 }, 5);
        yield* sys.accept(listener);
        for (;;) yield* sys.pause();
      }),
    );
    const begun = machine.nowMs;
    const result = machine.call(machine.runtime.network.httpGet(get({ timeoutMs: 3000 })));
    expect(result).toEqual({
      error:
        'Get "http://10.244.1.2:80/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    });
    expect(machine.nowMs - begun).toBe(3000);
  });

  it("a server that hangs up, and one that speaks something else", () => {
    const machine = new TestMachine();
    machine.start(
      machine.program("odd", function* (sys) {
        const listener = sys.listen({ host: "0.0.0.0", port: 80 }, 5);
        for (const answer of ["", "SSH-2.0-OpenSSH\r\n"]) {
          const fd = yield* sys.accept(listener);
          yield* sys.read(fd, 1000);
          if (answer !== "") yield* sys.write(fd, bytesOf(answer));
          sys.close(fd);
        }
        for (;;) yield* sys.pause();
      }),
    );
    const ask = () => machine.call(machine.runtime.network.httpGet(get({})));
    expect(ask()).toEqual({ error: 'Get "http://10.244.1.2:80/": EOF' });
    expect(ask()).toEqual({
      error:
        'Get "http://10.244.1.2:80/": net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0-OpenSSH\\r"',
    });
  });

  it.each([
    ["redis", 6379, null],
    ["redis", 6380, "dial tcp 10.244.1.2:6380: connect: connection refused"],
  ])("TCP to %s on %i", (image, port, error) => {
    const machine = new TestMachine();
    machine.start({ image });
    machine.advance(1);
    expect(machine.call(machine.runtime.network.tcpConnect("10.244.1.2", port, 1000))).toEqual({
      error,
    });
  });

  it("TCP to where nobody is", () => {
    const machine = new TestMachine();
    expect(machine.call(machine.runtime.network.tcpConnect("10.244.1.77", 80, 1000))).toEqual({
      error: "dial tcp 10.244.1.77:80: i/o timeout",
    });
  });

  it("PROBE-1: dials of the node at the same time do not end with the first of them", () => {
    const machine = new TestMachine();
    machine.start({ image: "redis" });
    machine.advance(1);
    const { network } = machine.runtime;
    const results: unknown[] = [];
    const dial = function* (host: string): Call<void> {
      results.push(yield* network.tcpConnect(host, 6379, 1000));
    };
    for (const host of ["10.244.1.2", "10.244.1.77"]) {
      machine.engine.spawn(`dial/${host}`, dial(host), (error) => results.push(error));
    }
    machine.advance(5);
    expect(results).toEqual([{ error: null }, { error: "dial tcp 10.244.1.77:6379: i/o timeout" }]);
  });

  it("PROBE-10, PROBE-11: gRPC health: its state, an unknown service, no gRPC, nobody", () => {
    const machine = new TestMachine();
    machine.start({
      image: "agnhost",
      args: ["grpc-health-checking", "--delay-unhealthy-sec", "10"],
    });
    machine.start({ image: "nginx" });
    machine.advance(1);
    const ask = (host: string, port: number, service = "") =>
      machine.call(machine.runtime.network.grpcHealth?.(host, port, service, 1000) ?? fail());
    expect(ask("10.244.1.2", 5000)).toEqual({ status: "SERVING" });
    expect(ask("10.244.1.2", 5000, "other")).toMatchObject({
      error: expect.stringContaining("unknown service") as string,
    });
    machine.advance(10);
    expect(ask("10.244.1.2", 5000)).toEqual({ status: "NOT_SERVING" });
    expect(ask("10.244.1.3", 80)).toEqual({
      error: "timeout: health rpc did not complete within 1s",
    });
    expect(ask("10.244.1.2", 5001)).toEqual({
      error:
        'timeout: failed to connect service "10.244.1.2:5001" within 1s: context deadline exceeded',
    });
  });
});

const fail = (): never => {
  throw new Error("the network does not speak gRPC");
};
