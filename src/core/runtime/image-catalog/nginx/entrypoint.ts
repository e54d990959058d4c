import type { Blocking, Program, Sys } from "../../../shell/index.js";
import { execCommand } from "../exec-command.js";
import { print, readTextFile } from "../program-io.js";

const NAME = "/docker-entrypoint.sh";
const DIRECTORY = "/docker-entrypoint.d";
const CONFIGURATION = "/etc/nginx/conf.d/default.conf";
const OWN_SCRIPTS = [
  "10-listen-on-ipv6-by-default.sh",
  "15-local-resolvers.envsh",
  "20-envsubst-on-templates.sh",
  "30-tune-worker-processes.sh",
];

/** The image's entrypoint: runs what is in /docker-entrypoint.d, then the command. docker-nginx, entrypoint/docker-entrypoint.sh. */
export const nginxEntrypoint: Program = function* (sys, argv, env) {
  const [, first = "", ...rest] = argv;
  if (first === "nginx" || first === "nginx-debug") yield* runScripts(sys, env);
  return yield* execCommand(sys, `${NAME}: 47`, [first, ...rest], env);
};

function* runScripts(sys: Sys, env: Map<string, string>): Blocking<void> {
  const isQuiet = (env.get("NGINX_ENTRYPOINT_QUIET_LOGS") ?? "") !== "";
  const say = function* (text: string): Blocking<void> {
    if (!isQuiet) yield* print(sys, 1, `${text}\n`);
  };
  const scripts = sys.access(DIRECTORY, { read: true })
    ? sys
        .readDirectory(DIRECTORY)
        .map((entry) => entry.name)
        .sort()
    : [];
  if (scripts.length === 0) {
    yield* say(`${NAME}: No files found in ${DIRECTORY}/, skipping configuration`);
    return;
  }
  yield* say(`${NAME}: ${DIRECTORY}/ is not empty, will attempt to perform configuration`);
  yield* say(`${NAME}: Looking for shell scripts in ${DIRECTORY}/`);
  for (const script of scripts) {
    const isSourced = script.endsWith(".envsh");
    const path = `${DIRECTORY}/${script}`;
    yield* say(`${NAME}: ${isSourced ? "Sourcing" : "Launching"} ${path}`);
    if (script === OWN_SCRIPTS[0]) yield* enableIpv6(sys, say);
    else if (script === OWN_SCRIPTS[2]) yield* substituteTemplates(sys, env, say);
    else if (!OWN_SCRIPTS.includes(script) && !isSourced) yield* runScript(sys, path, env);
  }
  yield* say(`${NAME}: Configuration complete; ready for start up`);
}

type Say = (text: string) => Blocking<void>;

/** 10-listen-on-ipv6-by-default.sh */
function* enableIpv6(sys: Sys, say: Say): Blocking<void> {
  const name = "10-listen-on-ipv6-by-default.sh";
  const text = yield* readTextFile(sys, CONFIGURATION);
  if (text === null) {
    yield* say(`${name}: info: ${CONFIGURATION.slice(1)} is not a file or does not exist`);
    return;
  }
  if (!sys.access(CONFIGURATION, { write: true })) {
    yield* say(`${name}: info: can not modify ${CONFIGURATION} (read-only file system?)`);
    return;
  }
  yield* say(`${name}: info: Getting the checksum of ${CONFIGURATION}`);
  const listen = /^( *listen +)(\d+);$/m.exec(text);
  if (listen === null || text.includes("listen  [::]")) {
    yield* say(`${name}: info: ${CONFIGURATION} differs from the packaged version`);
    return;
  }
  const changed = text.replace(listen[0], `${listen[0]}\n    listen  [::]:${listen[2] ?? "80"};`);
  const fd = sys.open(CONFIGURATION, { write: true, truncate: true });
  yield* print(sys, fd, changed);
  sys.close(fd);
  yield* say(`${name}: info: Enabled listen on IPv6 in ${CONFIGURATION}`);
}

/** 20-envsubst-on-templates.sh */
function* substituteTemplates(
  sys: Sys,
  env: ReadonlyMap<string, string>,
  say: Say,
): Blocking<void> {
  const directory = "/etc/nginx/templates";
  if (!sys.access(directory, { read: true })) return;
  for (const { name, type } of sys.readDirectory(directory)) {
    if (!name.endsWith(".template") || type === "directory") continue;
    const source = `${directory}/${name}`;
    const target = `/etc/nginx/conf.d/${name.slice(0, -".template".length)}`;
    yield* say(`20-envsubst-on-templates.sh: Running envsubst on ${source} to ${target}`);
    const text = (yield* readTextFile(sys, source)) ?? "";
    const changed = text.replace(
      /\$\{(\w+)\}|\$(\w+)/g,
      (whole, braced?: string, plain?: string) => env.get(braced ?? plain ?? "") ?? whole,
    );
    const fd = sys.open(target, { write: true, create: true, truncate: true }, 0o644);
    yield* print(sys, fd, changed);
    sys.close(fd);
  }
}

function* runScript(sys: Sys, path: string, env: ReadonlyMap<string, string>): Blocking<void> {
  if (!sys.access(path, { execute: true })) {
    yield* print(sys, 1, `${NAME}: Ignoring ${path}, not executable\n`);
    return;
  }
  yield* sys.wait(sys.spawn(path, [path], env));
}
