import { badRequest, tooManyRequests, type Pod } from "../api/index.js";
import type { Registry } from "../registry/index.js";
import { CriError, type ExecListener, type ExecSession } from "../runtime/index.js";
import type { ExecAction, ExecAnswer, ExecQuery, SessionOutput } from "./exec-commands.js";
import { MAX_EXEC_SESSIONS } from "./limits.js";
import type { Machine } from "./machine.js";
import { chooseContainer, readPod } from "./pod-container.js";

interface Session {
  readonly machine: Machine;
  readonly exec: ExecSession;
}

interface Target {
  readonly machine: Machine;
  readonly containerId: string;
}

const ACCEPTED: ExecAnswer = { accepted: true };

/** The commands that clients run in containers: finds the container, hands input on, gathers output until it is taken. */
export class ExecSessions {
  readonly #sessions = new Map<number, Session>();
  #outputs: SessionOutput[] = [];

  constructor(
    private readonly registry: Registry,
    private readonly machineOf: (nodeName: string) => Machine | null,
  ) {}

  /** @throws StatusError for what the API server itself refuses. */
  perform(action: ExecAction): ExecAnswer {
    switch (action.kind) {
      case "check": {
        const target = this.#locate(action.query);
        return "accepted" in target ? target : ACCEPTED;
      }
      case "start":
        return this.#start(action.session, action.query);
      case "input":
        this.#write(action.session, action.bytes);
        return ACCEPTED;
      case "end-input":
        this.#sessions.get(action.session)?.exec.endInput();
        return ACCEPTED;
      case "resize":
        this.#sessions.get(action.session)?.exec.resize(action.size);
        return ACCEPTED;
      case "acknowledge":
        this.#sessions.get(action.session)?.exec.acknowledge(action.bytes);
        return ACCEPTED;
      case "abandon":
        this.#sessions.get(action.session)?.exec.abandon();
        this.#sessions.delete(action.session);
        return ACCEPTED;
    }
  }

  takeOutputs(): readonly SessionOutput[] {
    const outputs = this.#outputs;
    if (outputs.length > 0) this.#outputs = [];
    return outputs;
  }

  /** Ends the sessions of a machine that is gone. */
  lose(machine: Machine): void {
    for (const [session, open] of this.#sessions) {
      if (open.machine !== machine) continue;
      this.#sessions.delete(session);
      open.exec.abandon();
      this.#outputs.push({ session, kind: "lost" });
    }
  }

  #start(session: number, query: ExecQuery): ExecAnswer {
    if (this.#sessions.has(session)) throw new Error(`session ${session} is open already`);
    if (this.#sessions.size >= MAX_EXEC_SESSIONS)
      throw tooManyRequests(`at most ${MAX_EXEC_SESSIONS} commands can run in containers`, 1);
    const target = this.#locate(query);
    if ("accepted" in target) return target;
    const { machine, containerId } = target;
    try {
      const exec = machine.exec(containerId, query, this.#listenerOf(session));
      this.#sessions.set(session, { machine, exec });
    } catch (error) {
      if (!(error instanceof CriError)) throw error;
      return { accepted: false, by: "runtime", message: error.message };
    }
    return ACCEPTED;
  }

  /** A client that sends more than there is room for does not listen to `input-taken`: it is cut off. */
  #write(session: number, bytes: Uint8Array): void {
    const exec = this.#sessions.get(session)?.exec;
    if (exec === undefined || exec.write(bytes)) return;
    exec.abandon();
    this.#sessions.delete(session);
    this.#outputs.push({ session, kind: "lost" });
  }

  #listenerOf(session: number): ExecListener {
    return {
      wrote: (stream, bytes) => {
        this.#outputs.push({ session, kind: "output", stream, bytes });
      },
      tookInput: (bytes) => {
        this.#outputs.push({ session, kind: "input-taken", bytes });
      },
      ended: (exitCode) => {
        this.#sessions.delete(session);
        this.#outputs.push({ session, kind: "exit", exitCode });
      },
    };
  }

  /** pkg/registry/core/pod/strategy.go streamLocation, then the kubelet's part. */
  #locate(query: ExecQuery): Target | Extract<ExecAnswer, { accepted: false }> {
    const pod = readPod(this.registry, query.namespace, query.pod);
    if (query.command.length === 0)
      throw badRequest("you must specify at least one command for the container");
    const container = chooseContainer(pod, query.container);
    const machine = this.#machineOf(pod);
    if (machine === null) return { accepted: false, by: "node", message: unreachable(pod) };
    const running = machine.findRunning(pod.metadata.uid, container);
    if (!running.found) return { accepted: false, by: "kubelet", message: running.message };
    return { machine, containerId: running.id };
  }

  #machineOf(pod: Pod): Machine | null {
    const { nodeName } = pod.spec;
    if (!nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
    const machine = this.machineOf(nodeName);
    return machine?.isReachable === true ? machine : null;
  }
}

/** The kubelet's port does not answer. staging/src/k8s.io/apiserver/pkg/util/proxy/dial.go, 1.34. */
const unreachable = (pod: Pod): string =>
  `error dialing backend: dial tcp ${pod.status.hostIP ?? "0.0.0.0"}:10250: connect: no route to host`;
