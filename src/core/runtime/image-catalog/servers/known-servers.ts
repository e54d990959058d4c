import { html, json, redirect, text, type StubServer } from "./stub-server.js";

const MIB = 1_048_576;

const server = (
  ports: readonly number[],
  startMs: number,
  memoryMib: number,
  more: Partial<StubServer>,
): StubServer => ({
  ports,
  startMs,
  memoryBytes: memoryMib * MIB,
  starting: [],
  ready: [],
  answers: {},
  other: text("404 page not found\n", 404),
  exitCode: 0,
  ...more,
});

/** Servers that tutorials deploy and then only look at: by the name of their image. */
export const KNOWN_SERVERS: Readonly<Record<string, StubServer>> = {
  mongo: server([27_017], 1500, 90, {
    starting: [
      '{"t":{"$date":"{time}"},"s":"I","c":"CONTROL","id":4615611,"ctx":"initandlisten","msg":"MongoDB starting","attr":{"pid":1,"port":27017,"dbPath":"/data/db","architecture":"64-bit"}}',
    ],
    ready: [
      '{"t":{"$date":"{time}"},"s":"I","c":"NETWORK","id":23016,"ctx":"listener","msg":"Waiting for connections","attr":{"port":27017,"ssl":"off"}}',
    ],
    other: text(
      "It looks like you are trying to access MongoDB over HTTP on the native driver port.\r\n",
    ),
  }),
  etcd: server([2379, 2380], 500, 30, {
    ready: [
      '{"level":"info","ts":"{time}","caller":"embed/serve.go:187","msg":"serving client traffic insecurely; this is strongly discouraged!","traffic":"grpc+http","address":"[::]:2379"}',
    ],
    answers: {
      "/health": json({ health: "true", reason: "" }),
      "/version": json({ etcdserver: "3.6.4", etcdcluster: "3.6.0" }),
    },
  }),
  rabbitmq: server([5672, 15_672], 5000, 120, {
    starting: ["{time} [info] <0.213.0> Feature flags: list of feature flags found:"],
    ready: ["{time} [info] <0.9.0> Server startup complete; 0 plugins started."],
    answers: { "/": html("<!doctype html><title>RabbitMQ Management</title>") },
    other: json({ error: "Object Not Found", reason: "Not Found" }, 404),
  }),
  elasticsearch: server([9200, 9300], 15_000, 1200, {
    ready: [
      '{"@timestamp":"{time}","log.level":"INFO","message":"started","service.name":"ES_ECS"}',
    ],
    answers: {
      "/": json({
        name: "elasticsearch",
        cluster_name: "docker-cluster",
        version: { number: "9.1.3" },
        tagline: "You Know, for Search",
      }),
      "/_cluster/health": json({
        cluster_name: "docker-cluster",
        status: "green",
        timed_out: false,
        number_of_nodes: 1,
      }),
    },
    exitCode: 143,
  }),
  kibana: server([5601], 15_000, 500, {
    other: json({ status: { overall: { level: "available" } } }),
  }),
  zookeeper: server([2181, 8080], 2000, 100, {
    ready: [
      "{time},000 [myid:] - INFO  [main:o.a.z.s.NIOServerCnxnFactory@652] - binding to port 0.0.0.0/0.0.0.0:2181",
    ],
    exitCode: 143,
  }),
  kafka: server([9092, 9093], 4000, 400, {
    ready: [
      "[{time}] INFO [KafkaRaftServer nodeId=1] Kafka Server started (kafka.server.KafkaRaftServer)",
    ],
    exitCode: 143,
  }),
  cassandra: server([9042, 7000], 20_000, 1024, {
    ready: [
      "INFO  [main] {time},000 PipelineConfigurator.java:126 - Starting listening for CQL clients on /0.0.0.0:9042 (unencrypted)...",
    ],
    exitCode: 143,
  }),
  consul: server([8500, 8600], 1000, 40, {
    ready: ["==> Consul agent running!"],
    answers: { "/v1/status/leader": json("127.0.0.1:8300") },
    other: redirect("/ui/"),
  }),
  vault: server([8200], 1000, 60, {
    ready: ["==> Vault server started! Log data will stream in below:"],
    answers: { "/v1/sys/health": json({ initialized: true, sealed: false, standby: false }) },
  }),
  prometheus: server([9090], 1500, 60, {
    ready: [
      'time={time} level=INFO source=main.go:1264 msg="Server is ready to receive web requests."',
    ],
    answers: {
      "/-/healthy": text("Prometheus Server is Healthy.\n"),
      "/-/ready": text("Prometheus Server is Ready.\n"),
      "/metrics": text("# HELP up 1\nup 1\n"),
    },
    other: redirect("/graph"),
  }),
  alertmanager: server([9093], 500, 30, {
    answers: { "/-/healthy": text("OK"), "/-/ready": text("OK") },
    other: html("<!doctype html><title>Alertmanager</title>"),
  }),
  "node-exporter": server([9100], 100, 15, {
    ready: ['time={time} level=INFO source=tls_config.go:347 msg="Listening on" address=[::]:9100'],
    answers: {
      "/metrics": text(
        "# HELP node_load1 1m load average.\n# TYPE node_load1 gauge\nnode_load1 0\n",
      ),
    },
    other: html("<html><head><title>Node Exporter</title></head></html>"),
  }),
  grafana: server([3000], 3000, 100, {
    ready: [
      'logger=http.server t={time} level=info msg="HTTP Server Listen" address=[::]:3000 protocol=http subUrl= socket=',
    ],
    answers: { "/api/health": json({ database: "ok", version: "12.1.1", commit: "df5de8219b41" }) },
    other: redirect("/login"),
  }),
  jenkins: server([8080, 50_000], 25_000, 700, {
    ready: [
      "{time}.000+0000 [id=23]\tINFO\thudson.lifecycle.Lifecycle#onReady: Jenkins is fully up and running",
    ],
    answers: { "/login": html("<!doctype html><title>Sign in - Jenkins</title>") },
    other: html("Authentication required", 403),
    exitCode: 143,
  }),
  tomcat: server([8080], 2500, 150, {
    ready: [
      "{time} INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [1200] milliseconds",
    ],
    other: html("<!doctype html><title>HTTP Status 404 – Not Found</title>", 404),
    exitCode: 143,
  }),
  wordpress: server([80], 1500, 40, {
    ready: [
      "WordPress not found in /var/www/html - copying now...",
      "Complete! WordPress has been successfully copied to /var/www/html",
      "[{time}] [core:notice] [pid 1] AH00094: Command line: 'apache2 -D FOREGROUND'",
    ],
    answers: {
      "/wp-admin/install.php": html(
        "<!DOCTYPE html><title>WordPress &rsaquo; Installation</title>",
      ),
    },
    other: redirect("/wp-admin/install.php"),
  }),
  ghost: server([2368], 4000, 150, {
    ready: ["[{time}] INFO Ghost booted in 3.512s"],
    other: html("<!DOCTYPE html><title>Ghost</title>"),
  }),
  minio: server([9000, 9001], 1000, 90, {
    ready: [
      "MinIO Object Storage Server",
      "API: http://127.0.0.1:9000",
      "WebUI: http://127.0.0.1:9001",
    ],
    answers: { "/minio/health/live": text(""), "/minio/health/ready": text("") },
    other: text("AccessDenied", 403),
  }),
  keycloak: server([8080, 9000], 12_000, 450, {
    ready: [
      "{time},000 INFO  [io.quarkus] (main) Keycloak started in 9.812s. Listening on: http://0.0.0.0:8080",
    ],
    answers: {
      "/health/ready": json({ status: "UP", checks: [] }),
      "/health/live": json({ status: "UP", checks: [] }),
    },
    other: redirect("/admin/"),
  }),
  registry: server([5000], 300, 15, {
    ready: ['time="{time}" level=info msg="listening on [::]:5000"'],
    answers: { "/v2/": json({}), "/": text("") },
  }),
  nats: server([4222, 8222], 200, 15, {
    ready: ["[1] {time} [INF] Server is ready"],
    answers: { "/healthz": json({ status: "ok" }) },
    exitCode: 1,
  }),
  influxdb: server([8086], 1500, 60, {
    answers: {
      "/health": json({
        name: "influxdb",
        message: "ready for queries and writes",
        status: "pass",
      }),
      "/ping": text("", 204),
    },
  }),
  traefik: server([80, 8080], 300, 30, { answers: { "/ping": text("OK") } }),
  httpbin: server([80], 1200, 60, {
    answers: {
      "/get": json({ args: {}, headers: {}, url: "http://localhost/get" }),
      "/status/200": text(""),
    },
    other: html("<!DOCTYPE html><title>httpbin.org</title>"),
  }),
  podinfo: server([9898, 9797], 300, 20, {
    answers: {
      "/healthz": json({ status: "OK" }),
      "/readyz": json({ status: "OK" }),
      "/version": json({ commit: "unknown", version: "6.9.2" }),
    },
    other: json({ message: "greetings from podinfo v6.9.2", version: "6.9.2" }),
  }),
  "hpa-example": server([80], 300, 20, {
    other: html("OK!"),
    // Its page takes a million square roots: some 60 ms of PHP, an assumption.
    requestMs: 60,
  }),
  "gb-frontend": server([80], 300, 25, {
    other: html(
      '<html ng-app="redis">\n  <head>\n    <title>Guestbook</title>\n  </head>\n</html>\n',
    ),
  }),
  metrics: server([8080], 300, 20, {}),
};
