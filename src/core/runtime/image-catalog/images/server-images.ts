import type { LayerBuilder } from "../../../vfs/index.js";
import { addExecutable } from "../families.js";
import type { ImageConfig } from "../image.js";
import type { ImageRecipe } from "../recipe.js";
import { RELEASES } from "../releases.js";
import { KNOWN_SERVERS } from "../servers/known-servers.js";

const MIB = 1_048_576;
const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const account = (builder: LayerBuilder, name: string, id: number, home: string): void => {
  builder.append("/etc/passwd", `${name}:x:${String(id)}:${String(id)}::${home}:/bin/false\n`);
  builder.append("/etc/group", `${name}:x:${String(id)}:\n`);
};

const redis: ImageRecipe = {
  names: ["redis"],
  base: "debian",
  version: "8.2.1",
  releases: RELEASES.redis,
  sizeBytes: 52_400_000,
  config: ({ version }) => ({
    entrypoint: ["docker-entrypoint.sh"],
    cmd: ["redis-server"],
    env: [PATH, "GOSU_VERSION=1.17", `REDIS_VERSION=${version}`],
    workingDir: "/data",
    exposedPorts: [6379],
  }),
  files(builder) {
    account(builder, "redis", 999, "/home/redis");
    addExecutable(builder, "/usr/local/bin/docker-entrypoint.sh", "redis-entrypoint", 661, 900_000);
    addExecutable(builder, "/usr/local/bin/redis-server", "redis-server", 17_000_000, 9 * MIB);
    addExecutable(builder, "/usr/local/bin/redis-cli", "redis-cli", 7_000_000, 2 * MIB);
    builder.directory("/data", { uid: 999, gid: 999 });
  },
};

const memcached: ImageRecipe = {
  names: ["memcached"],
  base: "debian",
  version: "1.6.39",
  releases: RELEASES.memcached,
  sizeBytes: 31_000_000,
  config: () => ({
    entrypoint: ["docker-entrypoint.sh"],
    cmd: ["memcached"],
    user: "memcache",
    exposedPorts: [11_211],
  }),
  files(builder) {
    account(builder, "memcache", 11_211, "/nonexistent");
    addExecutable(
      builder,
      "/usr/local/bin/docker-entrypoint.sh",
      "memcached-entrypoint",
      200,
      900_000,
    );
    addExecutable(builder, "/usr/local/bin/memcached", "memcached", 800_000, 3 * MIB);
  },
};

const mysql: ImageRecipe = {
  names: ["mysql", "mysql/mysql-server"],
  base: "debian",
  version: "9.4.0",
  releases: RELEASES.mysql,
  sizeBytes: 266_000_000,
  config: ({ version }) => ({
    entrypoint: ["docker-entrypoint.sh"],
    cmd: ["mysqld"],
    env: [
      PATH,
      "GOSU_VERSION=1.17",
      `MYSQL_MAJOR=${version.replace(/\.\d+$/, "")}`,
      `MYSQL_VERSION=${version}-1.el9`,
    ],
    exposedPorts: [3306, 33_060],
  }),
  files(builder) {
    account(builder, "mysql", 999, "/var/lib/mysql");
    addExecutable(
      builder,
      "/usr/local/bin/docker-entrypoint.sh",
      "mysql-entrypoint",
      14_160,
      900_000,
    );
    addExecutable(builder, "/usr/sbin/mysqld", "mysqld", 62_000_000, 40 * MIB);
    addExecutable(builder, "/usr/bin/mysql", "mysql", 7_700_000, 3 * MIB);
    addExecutable(builder, "/usr/bin/mysqladmin", "mysqladmin", 7_000_000, 2 * MIB);
    builder.directory("/var/lib/mysql", { uid: 999, gid: 999, mode: 0o1777 });
    builder.directory("/var/run/mysqld", { uid: 999, gid: 999, mode: 0o1777 });
  },
};

const mariadb: ImageRecipe = {
  names: ["mariadb"],
  base: "debian",
  version: "12.0.2",
  releases: RELEASES.mariadb,
  versionNames: { lts: "11.8.3" },
  sizeBytes: 103_000_000,
  config: ({ version }) => ({
    entrypoint: ["docker-entrypoint.sh"],
    cmd: ["mariadbd"],
    env: [PATH, "GOSU_VERSION=1.17", "LANG=C.UTF-8", `MARIADB_VERSION=1:${version}+maria~ubu2404`],
    exposedPorts: [3306],
  }),
  files(builder) {
    account(builder, "mysql", 999, "/home/mysql");
    const script = "/usr/local/bin/docker-entrypoint.sh";
    addExecutable(builder, script, "mysql-entrypoint", 26_200, 900_000);
    for (const [path, program, memoryMib] of [
      ["/usr/sbin/mariadbd", "mysqld", 40],
      ["/usr/bin/mariadb", "mysql", 3],
      ["/usr/bin/mariadb-admin", "mysqladmin", 2],
    ] as const)
      addExecutable(builder, path, program, 7_700_000, memoryMib * MIB);
    builder.directory("/var/lib/mysql", { uid: 999, gid: 999, mode: 0o1777 });
    builder.directory("/run/mysqld", { uid: 999, gid: 999, mode: 0o1777 });
  },
};

const postgres: ImageRecipe = {
  names: ["postgres"],
  base: "debian",
  version: "17.6",
  releases: RELEASES.postgres,
  sizeBytes: 157_000_000,
  config: ({ version }) => ({
    entrypoint: ["docker-entrypoint.sh"],
    cmd: ["postgres"],
    env: [
      `PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/${version.split(".")[0] ?? "17"}/bin`,
      `PG_MAJOR=${version.split(".")[0] ?? "17"}`,
      `PG_VERSION=${version}-1.pgdg12+1`,
      "PGDATA=/var/lib/postgresql/data",
      "LANG=en_US.utf8",
    ],
    exposedPorts: [5432],
    stopSignal: "SIGINT",
  }),
  files(builder, { version }) {
    const bin = `/usr/lib/postgresql/${version.split(".")[0] ?? "17"}/bin`;
    account(builder, "postgres", 999, "/var/lib/postgresql");
    addExecutable(
      builder,
      "/usr/local/bin/docker-entrypoint.sh",
      "postgres-entrypoint",
      14_000,
      900_000,
    );
    addExecutable(builder, `${bin}/postgres`, "postgres", 10_000_000, 8 * MIB);
    addExecutable(builder, "/usr/bin/psql", "psql", 9_600, 3 * MIB);
    addExecutable(builder, "/usr/bin/pg_isready", "pg_isready", 9_600, MIB);
    builder.directory("/var/lib/postgresql/data", { uid: 999, gid: 999, mode: 0o1777 });
    builder.directory("/var/run/postgresql", { uid: 999, gid: 999, mode: 0o3777 });
  },
};

const httpd: ImageRecipe = {
  names: ["httpd"],
  base: "debian",
  version: "2.4.65",
  releases: RELEASES.httpd,
  sizeBytes: 45_000_000,
  config: ({ version }) => ({
    cmd: ["httpd-foreground"],
    env: [
      "PATH=/usr/local/apache2/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "HTTPD_PREFIX=/usr/local/apache2",
      `HTTPD_VERSION=${version}`,
    ],
    workingDir: "/usr/local/apache2",
    exposedPorts: [80],
    stopSignal: "SIGWINCH",
  }),
  files(builder) {
    addExecutable(builder, "/usr/local/bin/httpd-foreground", "httpd", 138, 6 * MIB);
    addExecutable(builder, "/usr/local/apache2/bin/httpd", "httpd", 2_600_000, 6 * MIB);
    builder
      .file(
        "/usr/local/apache2/conf/httpd.conf",
        'ServerRoot "/usr/local/apache2"\nListen 80\nUser www-data\nGroup www-data\nDocumentRoot "/usr/local/apache2/htdocs"\n#ServerName www.example.com:80\n',
      )
      .file(
        "/usr/local/apache2/htdocs/index.html",
        "<html><body><h1>It works!</h1></body></html>\n",
      )
      .directory("/usr/local/apache2/logs");
  },
};

/** A program of its own, and nothing else to know. */
const single = (
  names: readonly string[],
  program: string,
  path: string,
  more: Partial<Omit<ImageRecipe, "config" | "files" | "names">> & {
    readonly config?: Partial<ImageConfig>;
    readonly memoryMib?: number;
    readonly versionVariable?: string;
    readonly files?: (builder: LayerBuilder) => void;
  } = {},
): ImageRecipe => ({
  names,
  base: more.base ?? "alpine",
  version: more.version ?? "1.0.0",
  ...(more.releases === undefined ? {} : { releases: more.releases }),
  sizeBytes: more.sizeBytes ?? 15_000_000,
  config: ({ version }) => ({
    cmd: [path],
    env: [
      PATH,
      ...(more.versionVariable === undefined ? [] : [`${more.versionVariable}=${version}`]),
    ],
    ...more.config,
  }),
  files(builder) {
    addExecutable(builder, path, program, 8 * MIB, (more.memoryMib ?? 8) * MIB);
    more.files?.(builder);
  },
});

const singles: readonly ImageRecipe[] = [
  single(["hello-app"], "hello-app", "/hello-app", {
    version: "1.0",
    releases: "1.0 2.0",
    versionVariable: "HELLO_VERSION",
    config: { exposedPorts: [8080] },
    sizeBytes: 11_500_000,
  }),
  single(["http-echo"], "http-echo", "/http-echo", {
    base: "scratch",
    config: {
      entrypoint: ["/http-echo"],
      cmd: [],
      user: "65532:65532",
      env: [PATH, "ECHO_TEXT=hello-world"],
      exposedPorts: [5678],
    },
    sizeBytes: 3_100_000,
  }),
  single(["whoami", "containous/whoami", "traefik/whoami"], "whoami", "/whoami", {
    base: "scratch",
    config: { entrypoint: ["/whoami"], cmd: [], exposedPorts: [80] },
    sizeBytes: 2_900_000,
  }),
  single(["echoserver"], "echoserver", "/usr/local/bin/run.sh", {
    version: "1.10",
    versionVariable: "ECHOSERVER_VERSION",
    config: { exposedPorts: [8080] },
    sizeBytes: 46_000_000,
  }),
  single(["kicbase/echo-server", "jmalloc/echo-server"], "echo-server", "/bin/echo-server", {
    config: {
      entrypoint: ["/bin/echo-server"],
      cmd: [],
      env: [PATH, "PORT=8080"],
      exposedPorts: [8080],
    },
    sizeBytes: 2_400_000,
  }),
  single(["echo-server", "ealen/echo-server"], "json-echo", "/app/server", {
    config: { exposedPorts: [80] },
    sizeBytes: 42_000_000,
    memoryMib: 40,
  }),
  single(["kubernetes-bootcamp"], "bootcamp", "/app/server.js", {
    version: "1",
    versionVariable: "BOOTCAMP_VERSION",
    config: { exposedPorts: [8080] },
    sizeBytes: 84_000_000,
    memoryMib: 30,
  }),
  single(["node-hello"], "node-hello", "/app/server.js", {
    config: { exposedPorts: [8080] },
    sizeBytes: 250_000_000,
    memoryMib: 30,
  }),
  single(["stress", "polinux/stress"], "stress", "/usr/local/bin/stress", {
    config: { cmd: ["stress", "--verbose", "--vm", "1"] },
    sizeBytes: 4_100_000,
    memoryMib: 1,
  }),
  single(["stress-ng"], "stress", "/usr/bin/stress-ng", {
    config: { entrypoint: ["stress-ng"], cmd: [] },
    sizeBytes: 4_900_000,
    memoryMib: 1,
  }),
  single(["vish/stress", "kubernetes/stress"], "vish-stress", "/stress", {
    base: "busybox",
    config: { entrypoint: ["/stress", "-logtostderr"], cmd: [] },
    sizeBytes: 1_700_000,
    memoryMib: 2,
  }),
  single(["fluent-bit"], "fluent-bit", "/fluent-bit/bin/fluent-bit", {
    base: "debian",
    version: "4.0.8",
    releases: RELEASES.fluentBit,
    versionVariable: "FLUENT_BIT_VERSION",
    config: {
      entrypoint: ["/fluent-bit/bin/fluent-bit"],
      cmd: ["/fluent-bit/bin/fluent-bit", "-c", "/fluent-bit/etc/fluent-bit.conf"],
      exposedPorts: [2020],
    },
    sizeBytes: 32_000_000,
    memoryMib: 12,
    files: (builder) =>
      builder.file(
        "/fluent-bit/etc/fluent-bit.conf",
        "[SERVICE]\n    Flush           1\n    Daemon          Off\n    Log_Level       info\n\n[INPUT]\n    Name cpu\n    Tag  cpu.local\n\n[OUTPUT]\n    Name  stdout\n    Match *\n",
      ),
  }),
  single(
    ["fluentd", "fluentd-gcp", "fluentd-kubernetes-daemonset"],
    "fluentd",
    "/usr/bin/fluentd",
    {
      base: "debian",
      version: "1.18.0",
      releases: RELEASES.fluentd,
      versionVariable: "FLUENTD_VERSION",
      config: { cmd: ["fluentd"], exposedPorts: [24_224, 5140] },
      sizeBytes: 50_000_000,
      memoryMib: 60,
      files: (builder) =>
        builder.file(
          "/fluentd/etc/fluent.conf",
          "<source>\n  @type  forward\n  port  24224\n</source>\n\n<match **>\n  @type stdout\n</match>\n",
        ),
    },
  ),
  single(["haproxy"], "haproxy", "/usr/local/sbin/haproxy", {
    base: "debian",
    version: "3.2.4",
    releases: RELEASES.haproxy,
    versionVariable: "HAPROXY_VERSION",
    config: {
      cmd: ["haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg"],
      stopSignal: "SIGUSR1",
      user: "99",
    },
    sizeBytes: 38_000_000,
    memoryMib: 20,
  }),
  single(["envoy", "envoyproxy/envoy"], "envoy", "/usr/local/bin/envoy", {
    base: "debian",
    version: "1.35.1",
    config: { cmd: ["envoy", "-c", "/etc/envoy/envoy.yaml"], exposedPorts: [10_000] },
    sizeBytes: 65_000_000,
    memoryMib: 40,
    files: (builder) =>
      builder.file(
        "/etc/envoy/envoy.yaml",
        "admin:\n  address:\n    socket_address: { address: 127.0.0.1, port_value: 9901 }\nstatic_resources:\n  listeners:\n  - name: listener_0\n    address:\n      socket_address: { address: 0.0.0.0, port_value: 10000 }\n    filter_chains:\n    - filters:\n      - name: envoy.filters.network.tcp_proxy\n        typed_config:\n          cluster: service_envoyproxy_io\n  clusters:\n  - name: service_envoyproxy_io\n    load_assignment:\n      endpoints:\n      - lb_endpoints:\n        - endpoint:\n            address:\n              socket_address: { address: www.envoyproxy.io, port_value: 443 }\n",
      ),
  }),
];

const LANGUAGES: readonly (readonly [
  names: readonly string[],
  program: string,
  path: string,
  version: string,
  sizeBytes: number,
  variable: string,
  cmd: readonly string[],
])[] = [
  [
    ["python"],
    "python",
    "/usr/local/bin/python3",
    "3.13.7",
    380_000_000,
    "PYTHON_VERSION",
    ["python3"],
  ],
  [["node"], "node", "/usr/local/bin/node", "22.19.0", 405_000_000, "NODE_VERSION", ["node"]],
  [["golang"], "go", "/usr/local/go/bin/go", "1.25.0", 300_000_000, "GOLANG_VERSION", ["bash"]],
  [["ruby"], "ruby", "/usr/local/bin/ruby", "3.4.5", 370_000_000, "RUBY_VERSION", ["irb"]],
  [
    ["openjdk", "eclipse-temurin", "amazoncorretto"],
    "java",
    "/opt/java/openjdk/bin/java",
    "21.0.8",
    220_000_000,
    "JAVA_VERSION",
    ["jshell"],
  ],
  [
    ["perl"],
    "perl",
    "/usr/local/bin/perl",
    "5.42.0",
    360_000_000,
    "PERL_VERSION",
    ["perl", "-de0"],
  ],
];

const LANGUAGE_RELEASES: Readonly<Record<string, string>> = {
  go: RELEASES.golang,
  node: RELEASES.node,
  perl: RELEASES.perl,
  python: RELEASES.python,
  ruby: RELEASES.ruby,
};

const languages: readonly ImageRecipe[] = LANGUAGES.map(
  ([names, program, path, defaultVersion, sizeBytes, variable, cmd]): ImageRecipe => ({
    names,
    base: "debian",
    version: defaultVersion,
    releases: LANGUAGE_RELEASES[program] ?? "",
    sizeBytes,
    config: ({ version }) => ({
      cmd,
      env: [
        `PATH=${path.slice(0, path.lastIndexOf("/"))}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
        `${variable}=${version}`,
        ...(program === "go" ? ["GOPATH=/go"] : []),
      ],
      workingDir: program === "go" ? "/go" : "",
    }),
    files(builder) {
      addExecutable(builder, path, program, 6 * MIB, 9 * MIB);
      if (program === "go") builder.directory("/go/bin").directory("/go/src");
      if (program === "python") {
        builder.symlink("python3", "/usr/local/bin/python");
        builder.symlink("python3", "/usr/local/bin/python3.13");
      }
    },
  }),
);

/** Where the stub servers' images say that their server is. */
const known: readonly ImageRecipe[] = Object.entries(KNOWN_SERVERS).map(
  ([name, { ports, memoryBytes }]): ImageRecipe => ({
    names: [name],
    base: "debian",
    version: "1.0.0",
    sizeBytes: 60_000_000 + Math.floor(memoryBytes / 4),
    config: () => ({ entrypoint: ["/usr/local/bin/server"], exposedPorts: ports }),
    files(builder) {
      addExecutable(builder, "/usr/local/bin/server", `server/${name}`, 20 * MIB, 2 * MIB);
    },
  }),
);

/** Images whose server or tool is simulated. */
export const serverImages: readonly ImageRecipe[] = [
  redis,
  memcached,
  mysql,
  mariadb,
  postgres,
  httpd,
  ...singles,
  ...languages,
  ...known,
];
