import type { Call, Engine, Process } from "../engine/index.js";

/** Processes that end together: those of one kubelet, when its machine is switched off. */
export class ProcessGroup {
  readonly #stops = new Set<() => void>();
  #isStopped = false;

  constructor(
    private readonly engine: Engine,
    /** Begins the name of each. */
    private readonly prefix: string,
  ) {}

  get size(): number {
    return this.#stops.size;
  }

  spawn<T>(name: string, body: Call<T>): Process<T> {
    const stop = (): void => {
      process.interrupt();
    };
    const process: Process<T> = this.engine.spawn(
      `${this.prefix}/${name}`,
      this.#tracked(stop, body),
    );
    if (this.#isStopped) stop();
    else this.#stops.add(stop);
    return process;
  }

  /** Ends all of them where they wait; further ones do not begin. */
  stop(): void {
    this.#isStopped = true;
    for (const stop of [...this.#stops]) stop();
    this.#stops.clear();
  }

  *#tracked<T>(stop: () => void, body: Call<T>): Call<T> {
    try {
      return yield* body;
    } finally {
      this.#stops.delete(stop);
    }
  }
}
