import { makeDirectory, SysError, findInode, type View } from "../vfs/index.js";
import type { Program } from "../shell/index.js";
import type { Container } from "./container.js";
import { findAccount } from "./container-user.js";
import { CriError } from "./cri.js";
import { DescriptorTable } from "./kernel/descriptors.js";
import { loadProgram, type LoadedProgram } from "./kernel/exec.js";
import { checkProcessLimit, startProcess } from "./kernel/process-start.js";
import type { Process, ProcessStarter } from "./kernel/process.js";
import { OutputDescription, type OutputSink } from "./log-description.js";
import { errnoText, lookPath } from "./look-path.js";
import type { Machine } from "./machine.js";
import { scriptedProgram } from "./scripted-program.js";

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What a process in a container begins with, its main one or one that is run in it later. */
export interface ContainerCommand {
  readonly argv: readonly string[];
  readonly descriptors: DescriptorTable;
  readonly starter: ProcessStarter;
  /** Whether it has a terminal; left out: as the container. */
  readonly tty?: boolean;
}

/** Starts a container's main process. Throws CriError (RunContainerError), having marked the container. */
export const startMain = (machine: Machine, container: Container): void => {
  const { confinement, config } = container;
  const descriptors = outputDescriptors(machine, container);
  const scripted = config.script === null ? null : scriptedProgram(config.script);
  const argv = commandOf(container);
  const outcome =
    container.files.mountProblem ??
    startInContainer(machine, container, { argv, descriptors, starter: container }, scripted);
  if (typeof outcome === "string") {
    descriptors.closeAll();
    const message =
      "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: " +
      `unable to start container process: error during container init: ${outcome}: unknown`;
    container.markUnstartable(message, machine.engine.nowMs);
    throw new CriError("RunContainerError", message);
  }
  confinement.main = outcome;
  container.markStarted(outcome, machine.engine.nowMs);
};

/** Starts a process in a container; runc's words when that fails. */
export const startInContainer = (
  machine: Machine,
  container: Container,
  command: ContainerCommand,
  replacement: Program | null = null,
): Process | string => {
  const { kernel } = machine;
  const { confinement, credentials } = container;
  const environment = environmentOf(machine, container, command.tty ?? container.config.tty);
  const cwd = workingDirectory(machine, container);
  const view: View = {
    mounts: confinement.mounts,
    cwd,
    credentials,
    nowMs: machine.engine.nowMs,
  };
  const loaded =
    replacement === null
      ? load(machine, container, view, command.argv, environment)
      : {
          program: replacement,
          argv: command.argv,
          executable: command.argv[0] ?? "",
          command: (command.argv[0] ?? "app").slice(-15),
          memoryBytes: 1_048_576,
          credentials,
        };
  if (typeof loaded === "string") return loaded;
  try {
    checkProcessLimit(kernel, confinement);
  } catch {
    return "fork/exec: resource temporarily unavailable";
  }
  const process = startProcess(kernel, {
    confinement,
    parent: null,
    credentials: loaded.credentials,
    cwd,
    umask: 0o022,
    descriptors: command.descriptors,
    argv: loaded.argv,
    command: loaded.command,
    executable: loaded.executable,
    environment,
    startup: { program: loaded.program, forked: null },
    processGroup: 0,
    ignored: 0,
    memoryBytes: loaded.memoryBytes,
  });
  process.starter = command.starter;
  return process;
};

/** Entrypoint and command: `command` replaces both, `args` the command alone. */
export const commandOf = ({ config, image }: Container): readonly string[] => {
  const { command, args } = config;
  const { entrypoint, cmd } = image.image.config;
  const first = command.length > 0 ? command : entrypoint;
  const rest = command.length > 0 || args.length > 0 ? args : cmd;
  return [...first, ...rest];
};

const load = (
  machine: Machine,
  container: Container,
  view: View,
  argv: readonly string[],
  environment: ReadonlyMap<string, string>,
): LoadedProgram | string => {
  const command = argv[0] ?? "";
  const found = lookPath(view, command, environment.get("PATH") ?? DEFAULT_PATH);
  if (!found.ok) return found.message;
  const { confinement, credentials } = container;
  try {
    const executor = { ...view, confinement, credentials };
    return loadProgram(executor, found.path, argv, environment, machine.kernel.programs);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return failedExec(machine, found.path, error);
  }
};

/**
 * The file is there but cannot be executed: runc has said by then that the container was created, so the container starts, prints runc's last words and ends
 * with 255. libcontainer/init_linux.go, startInitialization, runc 1.2.
 */
const failedExec = (machine: Machine, path: string, error: SysError): LoadedProgram => ({
  program: function* (sys) {
    const text = `exec ${path}: ${errnoText(error.errno)}\n`;
    yield* sys.write(2, new TextEncoder().encode(text));
    return 255;
  },
  argv: [path],
  executable: path,
  command: "runc:[2:INIT]",
  memoryBytes: 1_048_576,
  credentials: machine.credentials,
});

/** In the order in which containerd and runc put it together. */
const environmentOf = (
  machine: Machine,
  container: Container,
  tty: boolean,
): Map<string, string> => {
  const { config, sandbox, image, credentials } = container;
  const environment = new Map([["PATH", DEFAULT_PATH]]);
  if (tty) environment.set("TERM", "xterm");
  environment.set("HOSTNAME", sandbox.hostname);
  for (const variable of image.image.config.env) {
    const equals = variable.indexOf("=");
    environment.set(variable.slice(0, equals), variable.slice(equals + 1));
  }
  for (const { name, value } of config.env) environment.set(name, value);
  if (!environment.has("HOME"))
    environment.set("HOME", homeOf(machine, container, credentials.uid));
  return environment;
};

const homeOf = (machine: Machine, container: Container, uid: number): string => {
  const { confinement } = container;
  const view = {
    mounts: confinement.mounts,
    cwd: "/",
    credentials: machine.credentials,
    nowMs: machine.engine.nowMs,
  };
  return findAccount(view, uid)?.home ?? "/";
};

/** runc makes a working directory that is not there. */
const workingDirectory = (machine: Machine, container: Container): string => {
  const { config, image, confinement } = container;
  const wanted = config.workingDir ?? image.image.config.workingDir;
  if (wanted === "" || wanted === "/") return "/";
  const view = {
    mounts: confinement.mounts,
    cwd: "/",
    credentials: machine.credentials,
    nowMs: machine.engine.nowMs,
  };
  let path = "";
  for (const name of wanted.split("/").filter(Boolean)) {
    path += `/${name}`;
    if (typeof findInode(view, path) !== "string") continue;
    try {
      makeDirectory(view, path, 0o755);
    } catch {
      return "/";
    }
  }
  return path;
};

/** Nothing to read, and what is written goes to `sink`. */
export const outputDescriptors = (
  { kernel, nullInput }: Machine,
  sink: OutputSink,
): DescriptorTable =>
  new DescriptorTable([
    nullInput.retain(),
    new OutputDescription(sink, "stdout", kernel.takeAnonymousInode()).retain(),
    new OutputDescription(sink, "stderr", kernel.takeAnonymousInode()).retain(),
  ]);
