import { isStatusError, type SimRecord } from "../../core/api/index.js";
import { Engine } from "../../core/engine/index.js";
import { Registry } from "../../core/registry/index.js";
import { ObjectStore } from "../../core/store/index.js";
import type { ClusterPort, Command, Outcome } from "../cluster-port.js";
import { MemoryFeed } from "./memory-feed.js";
import { ScriptedSessions } from "./scripted-sessions.js";

const START_MS = Date.UTC(2026, 0, 1);

/** The real registry and store without machines: pods are kept and served, but nobody runs them. */
export class MemoryCluster implements ClusterPort {
  readonly engine = new Engine({ seed: 1, startMs: START_MS });
  readonly sessions = new ScriptedSessions();
  readonly feed = new MemoryFeed();
  isReady = true;
  /** Answers read-log commands. */
  answerLog: (command: Extract<Command, { type: "read-log" }>) => Outcome = () => {
    throw new Error("the test has no log");
  };
  readonly #store: ObjectStore;
  readonly #registry: Registry;

  constructor() {
    const { engine } = this;
    this.#store = new ObjectStore({
      nowMs: () => engine.nowMs,
      defer: (action) => {
        engine.soon(action);
      },
    });
    let uids = 0;
    this.#registry = new Registry({
      store: this.#store,
      environment: {
        nowMs: () => engine.nowMs,
        uid: () => `00000000-0000-4000-8000-${String((uids += 1)).padStart(12, "0")}`,
        random: (name) => engine.random(name),
      },
    });
  }

  get nowMs(): number {
    return this.engine.nowMs;
  }

  execute(command: Command): Promise<Outcome> {
    const outcome = this.#execute(command);
    this.#publish();
    return Promise.resolve(outcome);
  }

  /** Puts a record of the simulation into the feed. */
  record(record: SimRecord): void {
    this.#registry.record(record);
    this.#publish();
  }

  #execute(command: Command): Outcome {
    if (command.type === "read-log") return this.answerLog(command);
    if (command.type !== "api") throw new Error(`${command.type} is not played here`);
    try {
      return { ok: true, response: this.#registry.execute(command.request) };
    } catch (error) {
      if (isStatusError(error)) return { ok: false, status: error.status };
      throw error;
    }
  }

  #publish(): void {
    const { entries, lastSequence } = this.#store.takeBatch();
    this.feed.publish(entries, lastSequence);
  }
}
