import type { Blocking } from "../../../shell/index.js";
import type { ImageProgram, ImageSys } from "../../kernel/image-sys.js";
import { print } from "../program-io.js";
import { vishStress } from "../stress.js";
import { connect } from "./connect.js";
import { dnsServerList, dnsSuffix, etcHosts } from "./dns.js";
import { fakeGitServer } from "./fake-gitserver.js";
import { grpcHealthChecking } from "./grpc-health.js";
import { guestbook } from "./guestbook.js";
import { liveness } from "./liveness.js";
import { logsGenerator } from "./logs-generator.js";
import { mountTest } from "./mounttest.js";
import { netexec } from "./netexec.js";
import { nettest } from "./nettest.js";
import { noSnatTest } from "./no-snat-test.js";
import { noSnatTestProxy } from "./no-snat-test-proxy.js";
import { agnhostPause } from "./pause.js";
import { portForwardTester } from "./port-forward-tester.js";
import { porter } from "./porter.js";
import { serveHostname } from "./serve-hostname.js";
import { testWebserver } from "./test-webserver.js";

/** A subcommand: what is behind its name, and how it is described. */
export type Subcommand = (
  sys: ImageSys,
  args: readonly string[],
  env: ReadonlyMap<string, string>,
) => Blocking<number>;

const SUBCOMMANDS: Readonly<Record<string, readonly [Subcommand, string]>> = {
  connect: [connect, "Attempts a TCP, UDP or SCTP connection and returns useful errors"],
  "dns-server-list": [dnsServerList, "Prints the host's DNS Server list"],
  "dns-suffix": [dnsSuffix, "Prints the host's DNS suffix list"],
  "entrypoint-tester": [entrypointTester, "Prints the args it's passed and exits"],
  "etc-hosts": [etcHosts, "Prints the host's /etc/hosts file"],
  "fake-gitserver": [fakeGitServer, "Fakes a git server"],
  "grpc-health-checking": [grpcHealthChecking, "Starts a simple grpc health checking endpoint"],
  guestbook: [
    guestbook,
    "Creates a HTTP server with various endpoints representing a guestbook app",
  ],
  liveness: [liveness, "Starts a server that is alive for 10 seconds"],
  "logs-generator": [logsGenerator, "Outputs lines of logs to stdout uniformly"],
  mounttest: [
    mountTest,
    "Creates files with given permissions and outputs FS type, owner, mode, permissions, contents of files",
  ],
  netexec: [netexec, "Creates HTTP(S), UDP, and (optionally) SCTP servers with various endpoints"],
  nettest: [nettest, "Starts a tiny web server for checking networking connectivity"],
  "no-snat-test": [noSnatTest, "Creates the /checknosnat and /whoami endpoints"],
  "no-snat-test-proxy": [noSnatTestProxy, "Creates a proxy for the /checknosnat endpoint"],
  pause: [agnhostPause, "Pauses the execution"],
  "port-forward-tester": [portForwardTester, "Creates a TCP server that sends chunks of data"],
  porter: [porter, "Serves requested data on ports specified in ENV variables"],
  "serve-hostname": [serveHostname, "Serves the hostname"],
  stress: [stress, "Stress test memory and CPU"],
  "test-webserver": [testWebserver, "Starts a simple HTTP fileserver"],
};

/** registry.k8s.io/e2e-test-images/agnhost: what Kubernetes' own tests run. test/images/agnhost, 1.34. */
export const agnhostProgram: ImageProgram = function* (sys, argv, env) {
  const [, name = "", ...args] = argv;
  if (name === "" || name === "help" || name === "--help" || name === "-h") {
    yield* print(sys, 1, usage());
    return 0;
  }
  if (name === "--version") {
    yield* print(sys, 1, "agnhost version 2.57\n");
    return 0;
  }
  const found = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (found === undefined) {
    yield* print(
      sys,
      2,
      `Error: unknown command ${JSON.stringify(name)} for "app"\nRun 'app --help' for usage.\n`,
    );
    return 1;
  }
  // The tester prints every word it was called with, so it gets them all.
  return yield* found[0](sys, name === "entrypoint-tester" ? argv : args, env);
};

function* entrypointTester(sys: ImageSys, argv: readonly string[]): Blocking<number> {
  yield* print(sys, 1, `[${argv.join(" ")}]\n`);
  return 0;
}

/** The stress program of vish, which came into agnhost with 2.53. */
function stress(
  sys: ImageSys,
  args: readonly string[],
  env: ReadonlyMap<string, string>,
): Blocking<number> {
  return vishStress(sys, ["stress", ...args], new Map(env));
}

const usage = (): string => {
  const rows = Object.entries(SUBCOMMANDS).map(
    ([name, [, text]]) => `  ${name.padEnd(30)} ${text}\n`,
  );
  return `Usage:\n  app [command]\n\nAvailable Commands:\n${rows.join("")}  ${"help".padEnd(30)} Help about any command\n\nFlags:\n  -h, --help      help for app\n  -v, --version   version for app\n\nUse "app [command] --help" for more information about a command.\n`;
};
