import { Signal, waitFor, type Call } from "../../engine/index.js";

/** One pull at a time per node, first come, first served: `serializeImagePulls: true`. pkg/kubelet/images/puller.go, 1.34. */
export class PullQueue {
  readonly #waiting: Signal[] = [];
  #isBusy = false;

  /** Runs `pull` when it is its turn. */
  *run<T>(pull: () => Call<T>): Call<T> {
    if (this.#isBusy) {
      const turn = new Signal();
      this.#waiting.push(turn);
      yield* waitFor(turn);
    }
    this.#isBusy = true;
    try {
      return yield* pull();
    } finally {
      this.#next();
    }
  }

  #next(): void {
    const turn = this.#waiting.shift();
    // The one that is woken is busy from now on, so nobody gets in between.
    if (turn === undefined) this.#isBusy = false;
    else turn.fire();
  }
}
