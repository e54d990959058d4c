import { findProgram as findShellProgram, type Program } from "../shell/index.js";
import { agnhostProgram } from "./image-catalog/agnhost/agnhost.js";
import { memcachedProgram } from "./image-catalog/databases/memcached.js";
import { mysqlAdmin, mysqlClient } from "./image-catalog/databases/mysql-client.js";
import { mysqlEntrypoint } from "./image-catalog/databases/mysql-entrypoint.js";
import { mysqld } from "./image-catalog/databases/mysql.js";
import {
  pgIsReady,
  postgresEntrypoint,
  postgresServer,
  psql,
} from "./image-catalog/databases/postgres.js";
import { interpreter, pythonProgram } from "./image-catalog/languages/interpreters.js";
import { NODE_GRAMMAR } from "./image-catalog/languages/one-liner.js";
import { perlProgram } from "./image-catalog/languages/perl.js";
import { runUntilStopped } from "./image-catalog/languages/run-until-stopped.js";
import { fluentBit } from "./image-catalog/logging/fluent-bit.js";
import { fluentdProgram } from "./image-catalog/logging/fluentd.js";
import { nginxEntrypoint } from "./image-catalog/nginx/entrypoint.js";
import { nginxProgram } from "./image-catalog/nginx/nginx.js";
import { busyboxProgram } from "./image-catalog/programs/busybox.js";
import { entrypoint } from "./image-catalog/programs/entrypoint.js";
import { pauseProgram } from "./image-catalog/programs/pause.js";
import { envoyProgram } from "./image-catalog/proxies/envoy.js";
import { haproxyProgram } from "./image-catalog/proxies/haproxy.js";
import { redisClient } from "./image-catalog/redis/client.js";
import { redisServer } from "./image-catalog/redis/server.js";
import {
  bootcamp,
  echoServer,
  helloApp,
  httpEcho,
  jsonEchoServer,
  nodeHello,
  plainEchoServer,
  whoami,
} from "./image-catalog/servers/hello.js";
import { httpdProgram } from "./image-catalog/servers/httpd.js";
import { KNOWN_SERVERS } from "./image-catalog/servers/known-servers.js";
import { stubServer } from "./image-catalog/servers/stub-server.js";
import { stressProgram, vishStress } from "./image-catalog/stress.js";
import { imageProgram, type ImageProgram } from "./kernel/image-sys.js";

/** Programs that know they are in an image. */
const IMAGE_PROGRAMS: Readonly<Record<string, ImageProgram>> = {
  agnhost: agnhostProgram,
  bootcamp,
  "echo-server": plainEchoServer,
  echoserver: echoServer,
  envoy: envoyProgram,
  "fluent-bit": fluentBit,
  fluentd: fluentdProgram,
  go: interpreter((env) => `go version go${env.get("GOLANG_VERSION") ?? "1.25.0"} linux/amd64`),
  haproxy: haproxyProgram,
  "hello-app": helloApp,
  "http-echo": httpEcho,
  httpd: httpdProgram,
  java: interpreter(() => "openjdk 21.0.8 2025-07-15 LTS"),
  "json-echo": jsonEchoServer,
  memcached: memcachedProgram,
  "memcached-entrypoint": entrypoint("memcached", null),
  mysql: mysqlClient,
  "mysql-entrypoint": mysqlEntrypoint,
  mysqladmin: mysqlAdmin,
  mysqld,
  nginx: nginxProgram,
  node: interpreter((env) => `v${env.get("NODE_VERSION") ?? "24.7.0"}`, NODE_GRAMMAR),
  "node-hello": nodeHello,
  perl: perlProgram,
  pg_isready: pgIsReady,
  postgres: postgresServer,
  "postgres-entrypoint": postgresEntrypoint,
  psql,
  python: pythonProgram,
  "redis-cli": redisClient,
  "redis-entrypoint": entrypoint("redis-server", 999),
  "redis-server": redisServer,
  ruby: interpreter(
    (env) =>
      `ruby ${env.get("RUBY_VERSION") ?? "3.4.5"} (2025-07-16 revision 20cda200d3) +PRISM [x86_64-linux]`,
  ),
  "run-until-stopped": runUntilStopped,
  stress: stressProgram,
  "vish-stress": vishStress,
  whoami,
};

const PROGRAMS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ["busybox", busyboxProgram],
  ["nginx-entrypoint", nginxEntrypoint],
  ["pause", pauseProgram],
  ...Object.entries(IMAGE_PROGRAMS).map(([name, program]): [string, Program] => [
    name,
    imageProgram(program),
  ]),
  ...Object.entries(KNOWN_SERVERS).map(([name, server]): [string, Program] => [
    `server/${name}`,
    stubServer(server),
  ]),
]);

/** The program that an executable names: the catalogue's own, or one of the userland. */
export const findProgram = (name: string): Program | null =>
  PROGRAMS.get(name) ?? findShellProgram(name) ?? null;
