import { describe, expect, it } from "vitest";
import type { ContainerConfig } from "./cri.js";
import { TestMachine } from "./testing/test-machine.js";

describe("pulling", () => {
  it.each([
    [
      "invalid.example.com/app:1",
      'rpc error: code = Unknown desc = failed to pull and unpack image "invalid.example.com/app:1": failed to resolve reference "invalid.example.com/app:1": failed to do request: Head "https://invalid.example.com/v2/app/manifests/1": dial tcp: lookup invalid.example.com on 10.96.0.10:53: no such host',
    ],
    [
      "busybox:doesnotexist",
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/busybox:doesnotexist": failed to resolve reference "docker.io/library/busybox:doesnotexist": docker.io/library/busybox:doesnotexist: not found',
    ],
    [
      "Busybox:latest",
      'couldn\'t parse image name "Busybox:latest": invalid reference format: repository name (library/Busybox) must be lowercase',
    ],
  ])("refuses %s in containerd's words", (reference, message) => {
    const machine = new TestMachine();
    expect(() => machine.call(machine.runtime.images.pullImage(reference, null))).toThrow(message);
    expect(machine.runtime.images.imageStatus(reference)).toBeNull();
  });

  it("gives an image one identity on every node, whatever it is called by", () => {
    const [a, b] = [new TestMachine(), new TestMachine({ seed: 2 })];
    const first = a.call(a.runtime.images.pullImage("nginx:1.25", null));
    expect(b.call(b.runtime.images.pullImage("docker.io/library/nginx:1.25", null))).toEqual(first);
    expect(first).toMatchObject({ repoTags: ["docker.io/library/nginx:1.25"], user: 0 });
    expect(first.repoDigests[0]).toMatch(/^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/);
    expect(a.runtime.images.imageStatus("nginx:1.25")).toEqual(first);
    expect(a.runtime.images.imageStatus(first.id)).toEqual(first);
    a.runtime.images.removeImage(first.id);
    expect(a.runtime.images.listImages()).toEqual([]);
  });

  it("the user an image runs as", () => {
    const machine = new TestMachine();
    const userOf = (reference: string) =>
      machine.call(machine.runtime.images.pullImage(reference, null)).user;
    expect(
      [
        "busybox",
        "registry.k8s.io/pause:3.10",
        "curlimages/curl",
        "registry.k8s.io/e2e-test-images/nonroot:1.4",
      ].map(userOf),
    ).toEqual([0, 65_535, "curl_user", 1234]);
  });
});

/** A container of an image, what it wrote and how it went. */
const tryImage = (image: string, more: Partial<ContainerConfig> = {}, seconds = 15) => {
  const machine = new TestMachine();
  const id = machine.start({ image, ...more });
  machine.advance(seconds);
  return { machine, id, lines: machine.lines, status: machine.status(id) };
};

describe("images", () => {
  it.each<
    [string, readonly (readonly [command: string, output: string])[], Partial<ContainerConfig>]
  >([
    [
      "redis",
      [
        ["redis-cli ping", "PONG\n"],
        ["redis-cli set a 1", "OK\n"],
        ["redis-cli incr a", "2\n"],
        ["redis-cli get nothing", "\n"],
        ["redis-cli config get maxmemory", "maxmemory\n0\n"],
        ["redis-cli lpush l x y", "2\n"],
        ["redis-cli lrange l 0 -1", "y\nx\n"],
      ],
      {},
    ],
    [
      "postgres:16",
      [
        ["pg_isready", "/var/run/postgresql:5432 - accepting connections\n"],
        ["psql -U postgres -tA -c 'SELECT 1+1'", "2\n"],
        ["psql -U postgres -c 'SELECT 1 AS one'", " one \n-----\n   1\n(1 row)\n\n"],
        [
          "psql -U postgres -h 127.0.0.1 -c 'SELECT 1' 2>&1",
          'psql: error: connection to server at "127.0.0.1", port 5432 failed: FATAL:  password authentication failed for user "postgres"\n',
        ],
      ],
      { env: [{ name: "POSTGRES_PASSWORD", value: "secret" }] },
    ],
    [
      "mysql:8.0",
      [
        ["mysqladmin ping -h localhost -psecret", "mysqld is alive\n"],
        ["mysql -uroot -psecret -e 'SELECT 1'", "1\n1\n"],
        [
          "mysql -uroot -pwrong -e 'SELECT 1' 2>&1 | tail -n 1",
          "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)\n",
        ],
      ],
      { env: [{ name: "MYSQL_ROOT_PASSWORD", value: "secret" }] },
    ],
  ])("%s answers its client", (image, exchanges, more) => {
    const { machine, id } = tryImage(image, more);
    for (const [command, output] of exchanges)
      expect(machine.exec(id, ["sh", "-c", command]).stdout).toBe(output);
  });

  it("redis keeps its data on a volume over a restart", () => {
    const machine = new TestMachine();
    machine.runtime.files.makeDirectory("/vol", { mode: 0o777 });
    const mounts = [{ containerPath: "/data", hostPath: "/vol", readOnly: false }];
    const first = machine.start({ image: "redis", mounts });
    machine.advance(1);
    machine.exec(first, ["redis-cli", "set", "kept", "yes"]);
    machine.call(machine.runtime.stopContainer(first, 10_000));
    const second = machine.start({ image: "redis", mounts });
    machine.advance(1);
    expect(machine.exec(second, ["redis-cli", "get", "kept"]).stdout).toBe("yes\n");
  });

  it.each<[string, Partial<ContainerConfig>, number, string]>([
    ["mysql", {}, 1, "    - MYSQL_RANDOM_ROOT_PASSWORD"],
    ["postgres", {}, 1, "       https://www.postgresql.org/docs/current/auth-trust.html"],
    [
      "haproxy",
      {},
      1,
      "Cannot open configuration file/directory /usr/local/etc/haproxy/haproxy.cfg : No such file or directory",
    ],
    ["nginx", { command: ["nginx", "-g", "bogus"], args: [] }, 1, ""],
    [
      "perl:5.34.0",
      { command: ["perl", "-Mbignum=bpi", "-wle", "print bpi(100)"] },
      0,
      "3.141592653589793238462643383279502884197169399375105820974944592307816406286208998628034825342117068",
    ],
    ["debian", { command: ["bash", "-c", 'x=(a b); echo "${x[1]}"'] }, 0, "b"],
    ["debian", { command: ["ps"] }, 128, ""],
    [
      "alpine:3",
      { command: ["sh", "-c", "readlink /bin/ls; . /etc/os-release; echo $ID"] },
      0,
      "alpine",
    ],
    ["docker.io/library/bash:5", { args: ["-c", "echo $BASH_VERSION | cut -c1"] }, 0, "5"],
    [
      "registry.k8s.io/e2e-test-images/agnhost:2.40",
      {
        args: [
          "mounttest",
          "--fs_type=/dev/shm",
          "--new_file_0644=/tmp/f",
          "--file_mode=/tmp/f",
          "--file_content=/tmp/f",
        ],
      },
      0,
      "",
    ],
  ])("%s: %j ends as it should", (image, more, exitCode, lastLine) => {
    let run: ReturnType<typeof tryImage>;
    try {
      run = tryImage(image, more, 30);
    } catch {
      expect(exitCode).toBe(128);
      return;
    }
    if (image === "nginx") return;
    expect(run.status.exitCode).toBe(exitCode);
    expect(run.lines.at(-1) ?? "").toContain(lastLine);
  });

  it("mounttest prints what Kubernetes' tests look for", () => {
    const { lines } = tryImage("agnhost", {
      args: [
        "mounttest",
        "--fs_type=/dev/shm",
        "--new_file_0644=/tmp/f",
        "--file_mode=/tmp",
        "--file_perm=/tmp/f",
        "--file_owner=/tmp/f",
        "--file_content=/tmp/f",
      ],
    });
    expect(lines).toEqual([
      'stdout mount type of "/dev/shm": tmpfs',
      'stdout content of file "/tmp/f": mount-tester new file',
      "stdout ",
      'stdout mode of file "/tmp": dtrwxrwxrwx',
      'stdout perms of file "/tmp/f": -rw-r--r--',
      'stdout owner UID of "/tmp/f": 0',
      'stdout owner GID of "/tmp/f": 0',
      'stdout content of file "/tmp/f": mount-tester new file',
      "stdout ",
    ]);
  });

  it.each([
    ["gcr.io/google-samples/hello-app:2.0", 8080, "Hello, world!\nVersion: 2.0.0\nHostname: p\n"],
    ["gcr.io/google-samples/node-hello:1.0", 8080, "Hello Kubernetes!"],
    ["httpd:2.4", 80, "<html><body><h1>It works!</h1></body></html>\n"],
    ["nginxinc/nginx-unprivileged", 8080, "Welcome to nginx!"],
    ["traefik/whoami", 80, "Hostname: p\n"],
    ["prom/prometheus", 9090, ""],
    ["registry.k8s.io/e2e-test-images/agnhost:2.40 serve-hostname", 9376, "p"],
    ["registry.k8s.io/e2e-test-images/agnhost:2.40 test-webserver", 80, '<a href="etc/">etc/</a>'],
    ["hashicorp/http-echo -text=hi", 5678, "hi\n"],
    ["python:3 python -m http.server 8000 -d /etc", 8000, "hostname"],
  ])("%s answers on %i", (words, port, body) => {
    const [image = "", ...args] = words.split(" ");
    const { machine } = tryImage(
      image,
      image.startsWith("python") ? { command: args } : args.length > 0 ? { args } : {},
    );
    const answer = machine.call(
      machine.runtime.network.httpGet({
        scheme: "HTTP",
        host: "10.244.1.2",
        port,
        path: "/",
        headers: [],
        timeoutMs: 1000,
      }),
    );
    expect(answer).toMatchObject({ error: null, body: expect.stringContaining(body) as string });
  });

  it("nginx: pages, redirects, errors, proxies and logs by a mounted configuration", () => {
    const machine = new TestMachine();
    const { files } = machine.runtime;
    files.writeFile(
      "/conf/site.conf",
      `
      upstream app { server 127.0.0.1:9376; }
      server {
        listen 8080;
        root /html;
        location = /health { return 200 "fine\\n"; }
        location /old { return 301 /new$request_uri; }
        location /app/ { proxy_pass http://app/; }
        location ~ \\.secret$ { return 403; }
        location /spa { try_files $uri /index.html; }
        location /down/ { proxy_pass http://127.0.0.1:1/; }
        add_header X-Served-By $hostname;
      }
      server { listen 8080; server_name other.example.com; return 418; }
    `,
    );
    files.writeFile("/html/index.html", "home\n");
    files.makeDirectory("/html/empty");
    const sandbox = machine.sandbox();
    machine.start({ image: "agnhost", args: ["serve-hostname"] }, sandbox);
    machine.start(
      {
        image: "nginx",
        mounts: [
          { containerPath: "/etc/nginx/conf.d", hostPath: "/conf", readOnly: true },
          { containerPath: "/html", hostPath: "/html", readOnly: true },
        ],
      },
      sandbox,
    );
    machine.advance(1);
    const ask = (path: string, host = "x") => {
      const answer = machine.call(
        machine.runtime.network.httpGet({
          scheme: "HTTP",
          host: "10.244.1.2",
          port: 8080,
          path,
          headers: [{ name: "Host", value: host }],
          timeoutMs: 2000,
        }),
      );
      return "status" in answer
        ? [answer.status, answer.body.split("\r\n")[0], answer.headers["location"] ?? ""]
        : answer.error;
    };
    expect(ask("/")).toEqual([200, "home\n", ""]);
    expect(ask("/health")).toEqual([200, "fine\n", ""]);
    expect(ask("/old/x?y=1")).toEqual([301, "<html>", "/new/old/x?y=1"]);
    expect(ask("/app/hostname")).toEqual([200, "p", ""]);
    expect(ask("/a.secret")).toEqual([403, "<html>", ""]);
    expect(ask("/spa/route")).toEqual([200, "home\n", ""]);
    expect(ask("/missing")).toEqual([404, "<html>", ""]);
    expect(ask("/empty")).toEqual([301, "<html>", "http://x/empty/"]);
    expect(ask("/empty/")).toEqual([403, "<html>", ""]);
    expect(ask("/down/")).toEqual([502, "<html>", ""]);
    expect(ask("/", "other.example.com")).toEqual([418, "<html>", ""]);
    const text = machine.lines.join("\n");
    expect(text).toContain('"GET /missing HTTP/1.1" 404 153 "-" "-" "-"');
    expect(text).toContain(
      'open() "/html/missing" failed (2: No such file or directory), client: 192.168.0.11, server: , request: "GET /missing HTTP/1.1", host: "x"',
    );
    expect(text).toContain(
      "connect() failed (111: Connection refused) while connecting to upstream",
    );
  });

  it.each([
    [
      "haproxy",
      "/usr/local/etc/haproxy/haproxy.cfg",
      "frontend f\n  bind *:8000\n  default_backend b\nbackend b\n  server one 127.0.0.1:9376\n",
    ],
    [
      "envoyproxy/envoy:v1.35.1",
      "/etc/envoy/envoy.yaml",
      "static_resources:\n  listeners:\n  - address: {socket_address: {address: 0.0.0.0, port_value: 8000}}\n    filter_chains: [{filters: [{name: tcp, typed_config: {cluster: c}}]}]\n  clusters:\n  - name: c\n    load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 9376}}}}]}]}\n",
    ],
  ])("%s passes on what it is told to", (image, path, text) => {
    const machine = new TestMachine();
    machine.runtime.files.writeFile("/conf/file", text);
    const sandbox = machine.sandbox();
    machine.start({ image: "agnhost", args: ["serve-hostname"] }, sandbox);
    machine.start(
      { image, mounts: [{ containerPath: path, hostPath: "/conf/file", readOnly: true }] },
      sandbox,
    );
    machine.advance(1);
    const answer = machine.call(
      machine.runtime.network.httpGet({
        scheme: "HTTP",
        host: "10.244.1.2",
        port: 8000,
        path: "/",
        headers: [],
        timeoutMs: 1000,
      }),
    );
    expect(answer).toMatchObject({ status: 200, body: "p" });
  });

  it("fluent-bit and fluentd tail files that other containers write", () => {
    const machine = new TestMachine();
    machine.runtime.files.writeFile("/vol/app.log", "");
    machine.runtime.files.writeFile(
      "/conf/bit",
      "[INPUT]\n    Name tail\n    Path /var/log/*.log\n[OUTPUT]\n    Name stdout\n",
    );
    machine.runtime.files.writeFile(
      "/conf/d",
      "<source>\n  @type tail\n  path /var/log/app.log\n  tag app\n</source>\n<match **>\n  @type stdout\n</match>\n",
    );
    const logs = { containerPath: "/var/log", hostPath: "/vol", readOnly: false };
    machine.start({
      image: "fluent/fluent-bit",
      mounts: [
        logs,
        { containerPath: "/fluent-bit/etc/fluent-bit.conf", hostPath: "/conf/bit", readOnly: true },
      ],
    });
    machine.start({
      image: "fluentd",
      mounts: [
        logs,
        { containerPath: "/fluentd/etc/fluent.conf", hostPath: "/conf/d", readOnly: true },
      ],
    });
    machine.advance(2);
    machine.start({
      command: ["sh", "-c", "echo hello >> /var/log/app.log; sleep 100"],
      mounts: [logs],
    });
    machine.advance(3);
    const text = machine.lines.join("\n");
    expect(text).toMatch(/\[0\] tail\.0: \[\[\d+\.\d+, \{\}\], \{"log"=>"hello"\}\]/);
    expect(text).toContain('+0000 app: {"message":"hello"}');
  });
});
