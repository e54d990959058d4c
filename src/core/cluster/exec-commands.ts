import type { ExecOptions, TerminalSize } from "../runtime/index.js";

/** A command to run in a container, as pods/{name}/exec asks for it. */
export interface ExecQuery extends ExecOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
}

/** What a client of pods/{name}/exec does. Whoever sends it numbers its sessions. */
export type ExecAction =
  /** Whether a session could begin now; begins none. */
  | { readonly kind: "check"; readonly query: ExecQuery }
  | { readonly kind: "start"; readonly session: number; readonly query: ExecQuery }
  | { readonly kind: "input"; readonly session: number; readonly bytes: Uint8Array }
  | { readonly kind: "end-input"; readonly session: number }
  | { readonly kind: "resize"; readonly session: number; readonly size: TerminalSize }
  /** So many bytes of output have gone to the client. */
  | { readonly kind: "acknowledge"; readonly session: number; readonly bytes: number }
  /** The client is gone. */
  | { readonly kind: "abandon"; readonly session: number };

export type ExecAnswer =
  | { readonly accepted: true }
  /** `node` cannot be reached, its `kubelet` knows no such container, or its `runtime` cannot start the command. */
  | {
      readonly accepted: false;
      readonly by: "node" | "kubelet" | "runtime";
      readonly message: string;
    };

/** What a session gives to its client. It is no part of the journal: nothing of it is kept. */
export type SessionOutput = { readonly session: number } & (
  | { readonly kind: "output"; readonly stream: "stdout" | "stderr"; readonly bytes: Uint8Array }
  /** So many bytes of input were taken. */
  | { readonly kind: "input-taken"; readonly bytes: number }
  | { readonly kind: "exit"; readonly exitCode: number }
  /** The machine is gone, or the client sent more than there is room for; the session is over. */
  | { readonly kind: "lost" }
);
