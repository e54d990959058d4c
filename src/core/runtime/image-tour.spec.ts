import { describe, expect, it } from "vitest";
import type { ContainerConfig } from "./cri.js";
import { TestMachine } from "./testing/test-machine.js";

const environment = (values: Readonly<Record<string, string>>): Partial<ContainerConfig> => ({
  env: Object.entries(values).map(([name, value]) => ({ name, value })),
});

const running = (image: string, more: Partial<ContainerConfig> = {}, seconds = 15) => {
  const machine = new TestMachine();
  const id = machine.start({ image, ...more });
  machine.advance(seconds);
  return { machine, id, lines: machine.lines, status: machine.status(id) };
};

const get = (machine: TestMachine, port: number, path = "/") =>
  machine.call(
    machine.runtime.network.httpGet({
      scheme: "HTTP",
      host: "10.244.1.2",
      port,
      path,
      headers: [],
      timeoutMs: 1000,
    }),
  );

describe("a tag that names a series", () => {
  it.each([
    ["redis:7", "REDIS_VERSION", "7.4.5"],
    ["redis:6.2-alpine", "REDIS_VERSION", "6.2.19"],
    ["nginx:1.25", "NGINX_VERSION", "1.25.5"],
    ["nginx:1.7.9", "NGINX_VERSION", "1.7.9"],
    ["nginx:stable-alpine", "NGINX_VERSION", "1.28.0"],
    ["httpd:2.4", "HTTPD_VERSION", "2.4.65"],
    ["python:3.12-slim", "PYTHON_VERSION", "3.12.11"],
    ["node:20-alpine", "NODE_VERSION", "20.19.5"],
    ["golang:1.22", "GOLANG_VERSION", "1.22.12"],
    ["postgres:16", "PG_VERSION", "16.10-1.pgdg12+1"],
  ])("%s: %s=%s", (image, name, version) => {
    const { lines } = running(image, { command: ["sh", "-c", `echo "$${name}"`] });
    expect(lines).toEqual([`stdout ${version}`]);
  });
});

describe("what tutorials start", () => {
  it.each([
    ["gcr.io/google-samples/hello-app:1.0", 8080, "Hello, world!\nVersion: 1.0.0\nHostname: p\n"],
    ["gcr.io/google-samples/hello-app:2.0", 8080, "Hello, world!\nVersion: 2.0.0\nHostname: p\n"],
    [
      "kicbase/echo-server:1.0",
      8080,
      "Request served by p\n\nGET / HTTP/1.1\n\nHost: 10.244.1.2:8080\nConnection: close\n",
    ],
    [
      "registry.k8s.io/echoserver:1.4",
      8080,
      "CLIENT VALUES:\nclient_address=192.168.0.11\ncommand=GET\nreal path=/\nquery=nil\nrequest_version=1.1\n" +
        "request_uri=http://10.244.1.2:8080/\n\nSERVER VALUES:\nserver_version=nginx: 1.10.0 - lua: 10001\n\n" +
        "HEADERS RECEIVED:\nhost=10.244.1.2:8080\nconnection=close\nBODY:\n-no body in request-",
    ],
  ])("%s answers on %i to the letter", (image, port, body) => {
    expect(get(running(image).machine, port)).toMatchObject({ status: 200, body });
  });

  it.each<[string, Partial<ContainerConfig>, number, readonly string[]]>([
    ["hashicorp/http-echo", { args: ["-version"] }, 0, ["stderr http-echo v1.0.0"]],
    ["hashicorp/http-echo", { args: ["-text", "a", "b"] }, 127, ["stderr Too many arguments!"]],
    [
      "hashicorp/http-echo",
      environment({ ECHO_TEXT: "" }),
      127,
      ["stderr Missing -text option OR ENV var TEXT is empty!"],
    ],
    ["redis:7", { args: ["redis-cli", "--version"] }, 0, ["stdout redis-cli 7.4.5"]],
  ])("%s %j ends with %i", (image, more, exitCode, expected) => {
    const { lines, status } = running(image, more);
    expect([status.exitCode, lines]).toEqual([exitCode, expected]);
  });

  it("http-echo names the flag that it does not know", () => {
    const { lines, status } = running("hashicorp/http-echo", { args: ["-bogus"] });
    expect(status.exitCode).toBe(2);
    expect(lines.slice(0, 2)).toEqual([
      "stderr flag provided but not defined: -bogus",
      "stderr Usage of /http-echo:",
    ]);
  });

  it("vish/stress takes the CPUs that the documentation's example asks for", () => {
    const { machine, id, lines } = running("vish/stress", { args: ["-cpus", "2"] });
    const spawned = lines.filter((line) => line.includes("Spawning a thread to consume CPU"));
    expect(spawned).toHaveLength(2);
    machine.call(machine.runtime.stopContainer(id, 30_000));
    expect(machine.status(id).exitCode).toBe(2);
  });
});

describe("clients", () => {
  it.each<[string, Partial<ContainerConfig>, readonly (readonly [string, string, number])[]]>([
    [
      "redis:7",
      {},
      [
        ["redis-cli ping", "PONG\n", 0],
        ["redis-cli nonsense", "ERR unknown command 'nonsense', with args beginning with: \n\n", 0],
        ["redis-cli -e nonsense 2>/dev/null", "", 1],
        [
          "redis-cli -a x ping 2>&1",
          "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n" +
            "AUTH failed: ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\nPONG\n",
          0,
        ],
        ["redis-cli -a x --no-auth-warning ping 2>/dev/null", "PONG\n", 0],
      ],
    ],
    [
      "redis:7",
      { args: ["--requirepass", "secret"] },
      [
        ["redis-cli ping", "NOAUTH Authentication required.\n\n", 0],
        ["REDISCLI_AUTH=secret redis-cli ping 2>&1", "PONG\n", 0],
      ],
    ],
    [
      "memcached:alpine",
      {},
      [
        [
          "printf 'set a 0 0 1\\r\\n1\\r\\nget a\\r\\nquit\\r\\n' | nc 127.0.0.1 11211",
          "STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n",
          0,
        ],
      ],
    ],
  ])("%s %j", (image, more, exchanges) => {
    const { machine, id } = running(image, more);
    for (const [command, stdout, exitCode] of exchanges)
      expect(machine.exec(id, ["sh", "-c", command])).toMatchObject({ stdout, exitCode });
  });
});

describe("databases", () => {
  const root = { MYSQL_ROOT_PASSWORD: "s" };
  const warning = "[Warning] Using a password on the command line interface can be insecure.\n";
  const statements =
    "CREATE DATABASE test; CREATE TABLE test.messages (message VARCHAR(250)); INSERT INTO test.messages VALUES ('hello'); SELECT * FROM test.messages";

  it.each<[string, Partial<ContainerConfig>, readonly (readonly [string, string, number])[]]>([
    [
      "mysql:8.0",
      environment(root),
      [
        ["mysql -ps -e 'select 1' 2>&1", `mysql: ${warning}1\n1\n`, 0],
        [`mysql -ps -e "${statements}" 2>/dev/null`, "message\nhello\n", 0],
        [
          "mysql -ps 2>/dev/null <<EOF\nuse test;\nshow tables;\nEOF\n",
          "Tables_in_test\nmessages\n",
          0,
        ],
        ["mysql -ps test -sNe 'select * from messages' 2>/dev/null", "hello\n", 0],
        ["mysql -ps -te 'select 1' 2>/dev/null", "+---+\n| 1 |\n+---+\n| 1 |\n+---+\n", 0],
        [
          "mysql -ps test -e 'select * from x' 2>&1 >/dev/null | tail -n 1",
          "ERROR 1146 (42S02) at line 1: Table 'test.x' doesn't exist\n",
          0,
        ],
        ["mysqladmin ping -ps 2>/dev/null", "mysqld is alive\n", 0],
        [
          "mysqladmin ping 2>&1",
          "mysqladmin: connect to server at 'localhost' failed\nerror: 'Access denied for user 'root'@'localhost' (using password: NO)'\n",
          0,
        ],
        [
          "mysql --version",
          "mysql  Ver 8.0.43 for Linux on x86_64 (MySQL Community Server - GPL)\n",
          0,
        ],
      ],
    ],
    [
      "mariadb:11.4",
      environment({ MARIADB_ROOT_PASSWORD: "s", MARIADB_DATABASE: "app" }),
      [
        ["mariadb -uroot -ps app -e 'select 1' 2>&1", "1\n1\n", 0],
        ["mariadb-admin ping -ps", "mysqld is alive\n", 0],
      ],
    ],
    [
      "postgres:16",
      environment({ POSTGRES_PASSWORD: "s", POSTGRES_DB: "app", POSTGRES_USER: "u" }),
      [
        ["pg_isready -U u -d app", "/var/run/postgresql:5432 - accepting connections\n", 0],
        [
          "psql -U u app -c 'create table t (i int); insert into t values (1),(2)'",
          "CREATE TABLE\nINSERT 0 2\n",
          0,
        ],
        ["psql -U u app -tAc 'select count(*) from t'", "2\n", 0],
        ["echo 'select 1' | psql -U u -d app -At", "1\n", 0],
        ["psql --version", "psql (PostgreSQL) 16.10 (Debian 16.10-1.pgdg12+1)\n", 0],
        [
          "psql -c 'select 1' 2>&1",
          'psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: FATAL:  role "root" does not exist\n',
          2,
        ],
      ],
    ],
  ])("%s answers its client as the real one does", (image, more, exchanges) => {
    const { machine, id } = running(image, more, 30);
    for (const [command, stdout, exitCode] of exchanges)
      expect([command, machine.exec(id, ["sh", "-c", command])]).toMatchObject([
        command,
        { stdout, exitCode },
      ]);
  });

  it.each([
    ["mysql:8.0", "MYSQL_ROOT_PASSWORD", ["mysql", "-uroot", "-psecret", "-e", "select 1"]],
    [
      "postgres:16",
      "POSTGRES_PASSWORD",
      ["sh", "-c", "PGPASSWORD=secret psql -U postgres -h 127.0.0.1 -c 'select 1'"],
    ],
  ])("%s reads %s_FILE", (image, name, command) => {
    const machine = new TestMachine();
    machine.runtime.files.writeFile("/secret", "secret\n");
    const mounts = [{ containerPath: "/run/secret", hostPath: "/secret", readOnly: true }];
    const id = machine.start({
      image,
      mounts,
      ...environment({ [`${name}_FILE`]: "/run/secret" }),
    });
    machine.advance(30);
    expect(machine.exec(id, command).exitCode).toBe(0);
    const both = environment({ [name]: "x", [`${name}_FILE`]: "/run/secret" });
    const refused = machine.start({ image, mounts, ...both });
    machine.advance(1);
    expect(machine.status(refused).exitCode).toBe(1);
    expect(machine.lines.at(-1)).toBe(
      `stderr error: both ${name} and ${name}_FILE are set (but are exclusive)`,
    );
  });

  it("mariadb names its own variables where it has no password", () => {
    const { lines, status } = running("mariadb:11.4");
    expect(status.exitCode).toBe(1);
    expect(lines[0]).toMatch(
      /Entrypoint script for MariaDB Server 1:11\.4\.8\+maria~ubu2404 started\.$/,
    );
    expect(lines.at(-1)).toContain("You need to specify one of MARIADB_ROOT_PASSWORD,");
  });
});

describe("what a tool says of its version", () => {
  it.each([
    ["node:20", "node --version", "v20.19.5"],
    ["python:3.12", "python --version", "Python 3.12.11"],
    ["golang:1.22", "go version", "go version go1.22.12 linux/amd64"],
  ])("%s: %s", (image, command, expected) => {
    expect(running(image, { command: ["sh", "-c", command] }).lines).toEqual([
      `stdout ${expected}`,
    ]);
  });
});

describe("distributions say which release they are", () => {
  it.each([
    [
      "debian:11",
      ". /etc/os-release; echo $VERSION_CODENAME; cat /etc/debian_version",
      "bullseye 11.11",
    ],
    ["debian:bookworm-slim", ". /etc/os-release; echo $VERSION_ID", "12"],
    ["ubuntu:jammy", '. /etc/os-release; echo "$PRETTY_NAME"', "Ubuntu 22.04.5 LTS"],
    ["ubuntu:24.04", "id -u ubuntu; . /etc/lsb-release; echo $DISTRIB_CODENAME", "1000 noble"],
    [
      "alpine:3.18",
      "cat /etc/alpine-release; . /etc/os-release; echo $PRETTY_NAME",
      "3.18.12 Alpine Linux v3.18",
    ],
  ])("%s: %s", (image, script, expected) => {
    const { lines } = running(image, { command: ["sh", "-c", script] });
    expect(lines.map((line) => line.replace("stdout ", "")).join(" ")).toBe(expected);
  });
});

describe("programs of one line", () => {
  it.each<[string, readonly string[], number, readonly string[]]>([
    ["node:20", ["node", "-e", "console.log('hi'); process.exit(3)"], 3, ["stdout hi"]],
    [
      "python:3.12",
      ["python", "-c", "import sys, time; print('a'); time.sleep(2); sys.exit(4)"],
      4,
      ["stdout a"],
    ],
    ["python:3", ["python3", "-uc", 'print("b", flush=True)'], 0, ["stdout b"]],
  ])("%s %j", (image, command, exitCode, expected) => {
    const { lines, status } = running(image, { command });
    expect([status.exitCode, lines]).toEqual([exitCode, expected]);
  });

  it("one that does more runs until it is stopped", () => {
    const command = ["node", "-e", "setInterval(() => console.log(1), 1000)"];
    expect(running("node:20", { command }).status.state).toBe("running");
  });
});

describe("what the documentation's walkthroughs deploy", () => {
  it("hpa-example says OK! and uses CPU for it", () => {
    const { machine } = running("registry.k8s.io/hpa-example");
    const before = machine.nowMs;
    expect(get(machine, 80)).toMatchObject({ status: 200, body: "OK!" });
    expect(machine.nowMs - before).toBeGreaterThanOrEqual(60);
  });

  it("fluent-bit prints a record of its dummy input each second", () => {
    const args = ["-i", "dummy", "-o", "stdout"];
    const { lines } = running("fluent/fluent-bit:3.0", { args }, 3);
    const records = lines.filter((line) => line.includes("dummy.0"));
    expect(records).toHaveLength(4);
    expect(records[1]).toBe('stdout [0] dummy.0: [[1.250000000, {}], {"message"=>"dummy"}]');
  });

  it.each([
    ["haproxy:2.9", ["haproxy", "-v"], "HAProxy version 2.9.15 - https://haproxy.org/"],
    ["fluent/fluentd:v1.16-1", ["fluentd", "--version"], "fluentd 1.16.9"],
    ["httpd:2.4", ["httpd", "-v"], "Server version: Apache/2.4.65 (Unix)"],
  ])("%s: %j", (image, command, expected) => {
    expect(running(image, { command }).lines).toEqual([`stdout ${expected}`]);
  });
});
