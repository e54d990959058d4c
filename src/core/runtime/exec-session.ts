import type { ExitStatus, SignalName } from "../shell/index.js";
import type { Container } from "./container.js";
import { startInContainer } from "./container-start.js";
import type { ExecListener, ExecOptions, ExecSession, TerminalSize } from "./cri.js";
import { ExecInput, ExecOutput } from "./exec-streams.js";
import { ExecTerminal, type TerminalStreams } from "./exec-terminal.js";
import { DescriptorTable, type Description } from "./kernel/descriptors.js";
import { killProcess, sendSignal } from "./kernel/lifecycle.js";
import type { Process, ProcessStarter } from "./kernel/process.js";
import { EXEC_WINDOW_BYTES } from "./limits.js";
import type { Machine } from "./machine.js";

/** Starts a command with a session around it; runc's words when that fails. */
export const startSession = (
  machine: Machine,
  container: Container,
  options: ExecOptions,
  listener: ExecListener,
): ExecSession | string => {
  const session = new Session(machine, container, options, listener);
  const process = startInContainer(machine, container, {
    argv: options.command,
    descriptors: session.descriptors,
    starter: session,
    tty: options.tty,
  });
  if (typeof process === "string") {
    session.descriptors.closeAll();
    return process;
  }
  session.process = process;
  return session;
};

/** A command in a container and its streams: what runc and its shim keep of an exec. */
class Session implements ExecSession, TerminalStreams, ProcessStarter {
  readonly descriptors: DescriptorTable;
  process: Process | null = null;
  #listener: ExecListener | null;
  readonly #input: ExecInput | null = null;
  readonly #terminal: ExecTerminal | null = null;
  readonly #outputs: (ExecOutput | ExecTerminal)[] = [];
  /** Output that the listener has and did not acknowledge. */
  #heldBytes = 0;
  #openOutputs = 0;
  #status: ExitStatus | null = null;

  constructor(
    machine: Machine,
    container: Container,
    options: ExecOptions,
    listener: ExecListener,
  ) {
    this.#listener = listener;
    const { kernel, nullInput } = machine;
    const { uid } = container.credentials;
    const number = (): number => kernel.takeAnonymousInode();
    if (options.tty) {
      const terminal = new ExecTerminal(this, uid, number());
      this.#terminal = terminal;
      this.#outputs.push(terminal);
      this.#openOutputs = 1;
      this.descriptors = new DescriptorTable([terminal, terminal, terminal].map(retained));
      return;
    }
    const output = (stream: "stdout" | "stderr", isWanted: boolean): Description => {
      if (!isWanted) return nullInput;
      const description = new ExecOutput(this, stream, uid, number());
      this.#outputs.push(description);
      this.#openOutputs += 1;
      return description;
    };
    if (options.stdin) this.#input = new ExecInput(this, uid, number());
    this.descriptors = new DescriptorTable(
      [
        this.#input ?? nullInput,
        output("stdout", options.stdout),
        output("stderr", options.stderr),
      ].map(retained),
    );
  }

  get roomBytes(): number {
    return Math.max(0, EXEC_WINDOW_BYTES - this.#heldBytes);
  }

  get isAbandoned(): boolean {
    return this.#listener === null;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#listener === null) return true;
    const input = this.#terminal ?? this.#input;
    if (input !== null) return input.add(bytes);
    this.tookInput(bytes.length);
    return true;
  }

  endInput(): void {
    (this.#terminal ?? this.#input)?.end();
  }

  acknowledge(bytes: number): void {
    this.#heldBytes = Math.max(0, this.#heldBytes - bytes);
    for (const { writers } of this.#outputs) writers.fire();
  }

  resize(size: TerminalSize): void {
    if (this.#terminal === null || this.process === null) return;
    this.#terminal.resize(size);
    sendSignal(this.process, "WINCH", true);
  }

  /** To what runs in the foreground: what the command waits for, or the command itself. */
  interrupt(signal: SignalName): void {
    if (this.process === null) return;
    const children = livingDescendants(this.process);
    for (const target of children.length > 0 ? children : [this.process])
      sendSignal(target, signal, true);
  }

  /** containerd kills what it runs for a client that is gone: internal/cri/server/container_execsync.go, 2.0. */
  abandon(): void {
    this.#listener = null;
    this.endInput();
    for (const { writers } of this.#outputs) writers.fire();
    if (this.process !== null && this.#status === null)
      killProcess(this.process, { signal: "KILL", number: 9 });
  }

  wrote(stream: "stdout" | "stderr", bytes: Uint8Array): void {
    this.#heldBytes += bytes.length;
    this.#listener?.wrote(stream, bytes);
  }

  tookInput(bytes: number): void {
    if (bytes > 0) this.#listener?.tookInput(bytes);
  }

  outputClosed(): void {
    this.#openOutputs -= 1;
    this.#endWhenDone();
  }

  processEnded(_process: Process, status: ExitStatus): void {
    this.#status = status;
    this.#endWhenDone();
  }

  /** What runs in the background and holds the output holds the session too: containerd waits for the end of the streams. */
  #endWhenDone(): void {
    const status = this.#status;
    if (status === null || this.#openOutputs > 0) return;
    const listener = this.#listener;
    this.#listener = null;
    listener?.ended("code" in status ? status.code : 128 + status.number);
  }
}

const livingDescendants = (process: Process): Process[] =>
  (process.children ?? []).flatMap((child) => [
    ...(child.isAlive ? [child] : []),
    ...livingDescendants(child),
  ]);

const retained = (description: Description): Description => description.retain();
