import type { LayerBuilder } from "../../../vfs/index.js";
import { addExecutable } from "../families.js";
import { RELEASES } from "../releases.js";
import type { ImageRecipe } from "../recipe.js";
import { DEFAULT_SERVER, MAIN_CONFIGURATION, PAGE_50X, WELCOME_PAGE } from "./default-files.js";

const addServer = (builder: LayerBuilder, port: number): void => {
  addExecutable(builder, "/usr/sbin/nginx", "nginx", 1_471_544, 7_800_000);
  addExecutable(builder, "/usr/bin/curl", "curl", 297_288, 6_500_000);
  addExecutable(builder, "/usr/bin/envsubst", "envsubst", 43_608, 1_048_576);
  addExecutable(builder, "/docker-entrypoint.sh", "nginx-entrypoint", 1620, 900_000, 0o775);
  builder
    .directory("/docker-entrypoint.d")
    .file("/docker-entrypoint.d/10-listen-on-ipv6-by-default.sh", "#!/bin/sh\n", { mode: 0o755 })
    .file("/docker-entrypoint.d/15-local-resolvers.envsh", "", { mode: 0o755 })
    .file("/docker-entrypoint.d/20-envsubst-on-templates.sh", "#!/bin/sh\n", { mode: 0o755 })
    .file("/docker-entrypoint.d/30-tune-worker-processes.sh", "#!/bin/sh\n", { mode: 0o755 })
    .file("/etc/nginx/nginx.conf", MAIN_CONFIGURATION)
    .file("/etc/nginx/conf.d/default.conf", DEFAULT_SERVER(port))
    .file("/etc/nginx/mime.types", "types {\n    text/html html htm shtml;\n}\n")
    .file("/etc/nginx/fastcgi_params", "")
    .file("/usr/share/nginx/html/index.html", WELCOME_PAGE)
    .file("/usr/share/nginx/html/50x.html", PAGE_50X)
    .directory("/var/log/nginx")
    .symlink("/dev/stdout", "/var/log/nginx/access.log")
    .symlink("/dev/stderr", "/var/log/nginx/error.log")
    .directory("/var/cache/nginx");
};

const addAccount = (builder: LayerBuilder): void => {
  builder.append("/etc/passwd", "nginx:x:101:101:nginx user:/nonexistent:/bin/false\n");
  builder.append("/etc/group", "nginx:x:101:\n");
};

const COMMON = {
  base: "debian",
  version: "1.29.1",
  releases: RELEASES.nginx,
  versionNames: { stable: "1.28.0", mainline: "1.29.1" },
  sizeBytes: 72_223_946,
} as const;

export const nginxImages: readonly ImageRecipe[] = [
  {
    ...COMMON,
    names: ["nginx", "nginx-slim"],
    config: ({ version }) => ({
      entrypoint: ["/docker-entrypoint.sh"],
      cmd: ["nginx", "-g", "daemon off;"],
      env: [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        `NGINX_VERSION=${version}`,
        "NJS_VERSION=0.9.1",
        "NJS_RELEASE=1~bookworm",
        "PKG_RELEASE=1~bookworm",
        "DYNPKG_RELEASE=1~bookworm",
      ],
      exposedPorts: [80],
      stopSignal: "SIGQUIT",
    }),
    files(builder) {
      addAccount(builder);
      addServer(builder, 80);
    },
  },
  {
    ...COMMON,
    names: ["nginxinc/nginx-unprivileged", "nginx-unprivileged"],
    config: ({ version }) => ({
      entrypoint: ["/docker-entrypoint.sh"],
      cmd: ["nginx", "-g", "daemon off;"],
      env: [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        `NGINX_VERSION=${version}`,
      ],
      exposedPorts: [8080],
      stopSignal: "SIGQUIT",
      user: "101",
    }),
    files(builder) {
      addAccount(builder);
      addServer(builder, 8080);
      builder.directory("/var/cache/nginx", { uid: 101, gid: 0, mode: 0o775 });
      builder.directory("/etc/nginx/conf.d", { uid: 101, gid: 0, mode: 0o775 });
      builder.directory("/run", { mode: 0o1777 });
    },
  },
];
