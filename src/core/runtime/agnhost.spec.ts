import { describe, expect, it } from "vitest";
import { TestMachine } from "./testing/test-machine.js";

/** A pod of agnhost, and what `curl` beside it prints and agnhost itself logs, without the times. */
const ask = (
  args: readonly string[],
  script: string,
  env: Readonly<Record<string, string>> = {},
): { readonly out: readonly string[]; readonly log: readonly string[] } => {
  const machine = new TestMachine();
  const sandbox = machine.sandbox();
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
  const image = "registry.k8s.io/e2e-test-images/agnhost:2.53";
  const server = machine.start({ image, args: [...args], env: variables }, sandbox);
  machine.advance(1);
  machine.lines.length = 0;
  const client = machine.start({ image, command: ["sh", "-c", script] }, sandbox);
  machine.advance(40);
  const log = machine.runtime.readLog(server, {}).text;
  const out = machine.runtime.readLog(client, {}).text;
  return {
    out: linesOf(out),
    log: linesOf(log).map((line) => line.replace(/^I\d{4} \S+ +1 /, "")),
  };
};

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/** test/images/agnhost, 1.34. */
describe("agnhost answers to the letter", () => {
  it.each<[string, string, readonly string[]]>([
    ["netexec", "curl -s 127.0.0.1:8080/echo?msg=hi", ["hi"]],
    [
      "netexec",
      "curl -s '127.0.0.1:8080/echo?msg=hi&code=x'",
      ["argument 'code' must be an integer or empty, got \"x\""],
    ],
    ["netexec", "curl -s 127.0.0.1:8080/hostname; curl -s 127.0.0.1:8080/hostName", ["pp"]],
    ["netexec", "curl -s 127.0.0.1:8080/clientip | sed 's/:.*//'", ["127.0.0.1"]],
    ["netexec", "curl -s -o /dev/null -w '%{http_code}' 127.0.0.1:8080/healthz", ["200"]],
    [
      "netexec --udp-port=-1",
      "curl -s -o /dev/null -w '%{http_code}' 127.0.0.1:8080/healthz",
      ["412"],
    ],
    [
      "netexec",
      "curl -s '127.0.0.1:8080/redirect?location=/echo%3Fmsg=a&code=307'",
      ['<a href="/echo?msg=a">Temporary Redirect</a>.'],
    ],
    ["netexec", "curl -s '127.0.0.1:8080/shell?cmd=echo%20a'", ['{"output":"a\\n"}']],
    ["netexec", "curl -s '127.0.0.1:8080/shell?cmd=exit%203'", ['{"error":"exit status 3"}']],
    [
      "netexec",
      "/agnhost netexec --http-port=8090 2> /dev/null & sleep 1; curl -s '127.0.0.1:8080/dial?host=127.0.0.1&port=8090&request=hostname&tries=2'; kill $!",
      ['{"responses":["p","p"]}'],
    ],
    [
      "netexec",
      "curl -s '127.0.0.1:8080/dial?host=127.0.0.1&port=81&request=hostname'",
      [
        '{"errors":["Get \\"http://127.0.0.1:81/hostname\\": dial tcp 127.0.0.1:81: connect: connection refused"]}',
      ],
    ],
    [
      "netexec",
      "curl -s '127.0.0.1:8080/dial?host=127.0.0.1&port=8080'",
      ["request parameter not specified. <nil>"],
    ],
    [
      "netexec",
      `printf -- '--b\\r\\nContent-Disposition: form-data; name="file"; filename="f"\\r\\n\\r\\ntext\\r\\n--b--\\r\\n' > f; curl -s -H 'Content-Type: multipart/form-data; boundary=b' --data-binary @f 127.0.0.1:8080/upload | sed 's/[0-9][0-9]*/N/'`,
      ['{"output":"/uploads/uploadN"}'],
    ],
    ["netexec", "curl -s 127.0.0.1:8080/upload", ['{"error":"Unable to upload file."}']],
    ["netexec --http-override=/echo?msg=over", "curl -s 127.0.0.1:8080/hostname", ["over"]],
    ["liveness", "curl -s 127.0.0.1:8080/healthz", ["ok"]],
    ["liveness", "sleep 12; curl -s 127.0.0.1:8080/healthz | cut -c1-9", ["error: 13"]],
    [
      "liveness",
      "curl -s -w '%{http_code}' '127.0.0.1:8080/sleep-headers?code=200&time=2'",
      ["Slept for 2 secs", "200"],
    ],
    [
      "liveness",
      "curl -s '127.0.0.1:8080/sleep-body?code=x'",
      ["parameter 'code' is invalid: strconv.Atoi: parsing \"x\": invalid syntax"],
    ],
    ["liveness", "curl -s 127.0.0.1:8080/disconnect-headers; echo $?", ["52"]],
    ["liveness", "curl -s '127.0.0.1:8080/slow-response?code=200&size=1' | wc -c", ["1024"]],
    ["serve-hostname", "curl -s 127.0.0.1:9376", ["p"]],
    ["serve-hostname --http=false --tcp", "nc 127.0.0.1 9376 < /dev/null", ["p"]],
    ["fake-gitserver", "curl -s 127.0.0.1:8000/x", ["I am a fake git server"]],
    [
      "guestbook --http-port 6379",
      "curl -s '127.0.0.1:6379/set?key=a&value=b'; echo; curl -s 127.0.0.1:6379/get?key=a; echo; curl -s 127.0.0.1:6379/get",
      ['{"message":"Updated"}', '{"data":"b"}', '{"data":{"a":"b"}}'],
    ],
    [
      "guestbook --http-port 6379",
      "curl -s 127.0.0.1:6379/set; curl -s 127.0.0.1:6379/guestbook?cmd=x",
      ["cannot set with empty key.", "unsupported cmd: 'x'"],
    ],
    ["grpc-health-checking", "curl -s 127.0.0.1:8080/make-not-serving | grep -c 's$'", ["1"]],
    [
      "test-webserver",
      "curl -si 127.0.0.1:80/etc/hostname | grep -i -e ^access-control-allow-origin -e ^cache | tr -d '\\r'",
      ["Access-Control-Allow-Origin: *", "Cache-Control: private"],
    ],
    ["nettest --port 81", 'curl -s -d \'{"Source":"x"}\' 127.0.0.1:81/write', ['{"Hostname":"p"}']],
    ["pause", "/agnhost connect --timeout=3s 127.0.0.1:80", ["REFUSED"]],
    [
      "pause",
      "/agnhost connect 127.0.0.1",
      ["UNKNOWN: address 127.0.0.1: missing port in address"],
    ],
    [
      "pause",
      "/agnhost mounttest --new_file_0660=/tmp/f --file_mode=/tmp/f; echo $?",
      ['content of file "/tmp/f": mount-tester new file', 'mode of file "/tmp/f": -rw-rw----', "0"],
    ],
    [
      "pause",
      "/agnhost mounttest --file_content=/x --file_perm=/x; echo $?",
      [
        'error from Stat("/x"): stat /x: no such file or directory',
        'error reading file content for "/x": open /x: no such file or directory',
        "1",
      ],
    ],
    [
      "pause",
      "/agnhost nothing 2>&1",
      ['Error: unknown command "nothing" for "app"', "Run 'app --help' for usage."],
    ],
    [
      "pause",
      "/agnhost logs-generator -t 2 -d 0s 2>&1 | sed 's/.*\\] //'",
      ["Invalid duration: 0s"],
    ],
    [
      "pause",
      "/agnhost logs-generator -t 2 -d 2s 2>&1 | sed -E 's/.* (logs_generator.go:[0-9]+\\] [0-9]).*/\\1/'",
      ["logs_generator.go:76] 0", "logs_generator.go:76] 1"],
    ],
  ])("%s: %s", (command, script, out) => {
    expect(ask(command.split(" "), script).out).toEqual(out);
  });

  it.each<[string, string, readonly string[]]>([
    [
      "netexec",
      "curl -s 127.0.0.1:8080/echo?msg=a",
      [
        "log.go:245] Started HTTP server on port 8080",
        "log.go:245] Started UDP server on port  8081",
        "log.go:245] GET /echo?msg=a&code=",
      ],
    ],
    [
      "netexec --udp-port=-1",
      "curl -s '127.0.0.1:8080/exit?code=4&timeout=1s&wait=2s'",
      [
        "log.go:245] Started HTTP server on port 8080",
        "log.go:245] GET /exit?code=4&timeout=1s&wait=2s",
        "log.go:245] Will begin shutdown in 2s, allowing 1s for connections to close, then will exit with 4",
        "log.go:245] Graceful shutdown completed with: <nil>",
      ],
    ],
    [
      "grpc-health-checking --port 5001",
      "curl -s 127.0.0.1:8080/make-serving",
      [
        "log.go:245] gRPC server starting to listen on :5001",
        "log.go:245] Http server starting to listen on :8080",
        "log.go:245] Mark as healthy",
      ],
    ],
    ["serve-hostname", "true", ["log.go:245] Serving on port 9376."]],
    ["pause", "true", ["Paused"]],
  ])("%s logs", (command, script, log) => {
    expect(ask(command.split(" "), script).log).toEqual(log);
  });

  it("porter serves what its environment says, and says nothing", () => {
    const env = { SERVE_PORT_80: "foo", SERVE_TCP_PORT_81: "bar", SERVE_TLS_PORT_443: "baz" };
    const script = "curl -s 127.0.0.1; curl -s 127.0.0.1:81; curl -sk https://127.0.0.1:443";
    expect(ask(["porter"], script, env)).toEqual({ out: ["foobarbaz"], log: [] });
    const json = ask(["porter", "--json-response"], "curl -s -X POST 127.0.0.1", env);
    expect(json.out).toEqual(['{"Method":"POST","Body":"foo"}']);
  });

  it("no-snat-test looks whether others see the pod by its own address", () => {
    const env = { POD_IP: "127.0.0.1", NODE_IP: "192.168.0.11" };
    const script =
      "POD_IP=1.1.1.1 NODE_IP=1.1.1.1 /agnhost no-snat-test --port 8090 & sleep 1; " +
      "curl -s -w '%{http_code}' '127.0.0.1:8080/checknosnat?ips=127.0.0.1:8090'; kill $!";
    expect(ask(["no-snat-test"], script, env).out).toEqual(["200"]);
    const other = ask(["no-snat-test"], script, { ...env, POD_IP: "10.0.0.1" });
    expect(other.out[0]).toContain('Returned ip "127.0.0.1" != my Pod ip "10.0.0.1" or my Node ip');
    expect(ask(["no-snat-test"], "true").log).toEqual([
      "POD_IP env var was not present in the environment",
    ]);
  });

  it("port-forward-tester sends its chunks to one client", () => {
    const env = {
      BIND_PORT: "80",
      EXPECTED_CLIENT_DATA: "abc",
      CHUNKS: "3",
      CHUNK_SIZE: "4",
      CHUNK_INTERVAL: "100",
    };
    expect(ask(["port-forward-tester"], "printf abc | nc 127.0.0.1 80", env)).toEqual({
      out: ["xxxxxxxxxxxx"],
      log: [
        "Accepted client connection",
        "Received expected client data",
        "Shutting down connection",
        "Done",
      ],
    });
  });

  it("guestbook replicas hear of what is set on their primary", () => {
    const machine = new TestMachine();
    const primary = machine.start({ image: "agnhost", args: ["guestbook", "--http-port", "6379"] });
    machine.advance(1);
    const args = ["guestbook", "--replicaof", "10.244.1.2", "--http-port", "6379"];
    const replica = machine.start({ image: "agnhost", args });
    machine.advance(2);
    machine.exec(primary, ["curl", "-s", "127.0.0.1:6379/set?key=a&value=b"]);
    expect(machine.exec(replica, ["curl", "-s", "127.0.0.1:6379/get?key=a"]).stdout).toBe(
      '{"data":"b"}',
    );
  });
});
