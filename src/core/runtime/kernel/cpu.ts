import {
  BURST_STEPS,
  SUSTAINED_STEPS_PER_SECOND,
  SUSTAINED_STEPS_PER_SECOND_IN_ALL,
} from "../limits.js";

/**
 * Bounds the real work of all containers of a cluster that have used up their bursts: they share one rate. One object belongs to all nodes.
 */
export class WorkBudget {
  /** Containers that are over their burst now. */
  exhausted = 0;

  get stepsPerMs(): number {
    const share = SUSTAINED_STEPS_PER_SECOND_IN_ALL / Math.max(1, this.exhausted);
    return Math.min(SUSTAINED_STEPS_PER_SECOND, share) / 1000;
  }
}

/** The cores of one machine, shared by weight when more want them than there are. */
export class MachineCpu {
  /** Processes that use a core now. */
  busy = 0;
  /** Sum of the weights of containers with a busy process. */
  busyWeight = 0;

  constructor(
    readonly cores: number,
    readonly budget: WorkBudget,
  ) {}
}

/** A cpu cgroup: what one container may use. */
export class CpuGroup {
  /** CPU time used by processes that are gone, and by the others up to their last yield, in microseconds. */
  usedMicroseconds = 0;
  #busy = 0;
  #credits = BURST_STEPS;
  #creditedAtMs = 0;
  #isExhausted = false;

  constructor(
    readonly machine: MachineCpu,
    private weight: number,
    private limitMilli: number | null,
  ) {}

  /** In thousandths of a core; null when there is none. */
  get limit(): number | null {
    return this.limitMilli;
  }

  /** cpu.weight of cgroup v2 for these shares: ConvertCPUSharesToCgroupV2Value, opencontainers/cgroups. */
  get weightV2(): number {
    return Math.floor(1 + ((this.weight - 2) * 9999) / 262_142);
  }

  setLimits(requestMilli: number, limitMilli: number | null): void {
    this.weight = weightOf(requestMilli);
    this.limitMilli = limitMilli;
  }

  /** Takes steps out of the burst; false when it is used up. They are taken in any case. */
  spend(steps: number): boolean {
    this.#credits -= steps;
    return this.#credits > 0;
  }

  /** How long `microseconds` of CPU time take now, with all that compete for the cores; at least as long as the work budget wants. */
  beginUse(microseconds: number, nowMs: number): number {
    this.#refill(nowMs);
    this.usedMicroseconds += microseconds;
    if (this.#busy === 0) this.machine.busyWeight += this.weight;
    this.#busy += 1;
    this.machine.busy += 1;
    const cpuMs = microseconds / 1000 / this.#speed();
    const budgetMs = this.#credits >= 0 ? 0 : -this.#credits / this.machine.budget.stepsPerMs;
    return Math.max(cpuMs, budgetMs);
  }

  endUse(): void {
    this.#busy -= 1;
    this.machine.busy -= 1;
    if (this.#busy === 0) this.machine.busyWeight -= this.weight;
  }

  /** The container is gone. */
  release(): void {
    if (this.#isExhausted) this.machine.budget.exhausted -= 1;
    this.#isExhausted = false;
  }

  /** How long something new must wait because this container is over its work budget, in milliseconds. */
  backlogMs(nowMs: number): number {
    this.#refill(nowMs);
    return this.#credits >= 0 ? 0 : -this.#credits / this.machine.budget.stepsPerMs;
  }

  /** The part of one core that one of its busy processes gets. */
  #speed(): number {
    let speed = 1;
    if (this.limitMilli !== null) speed = Math.min(speed, this.limitMilli / 1000 / this.#busy);
    if (this.machine.busy > this.machine.cores) {
      const share = (this.machine.cores * this.weight) / this.machine.busyWeight;
      speed = Math.min(speed, share / this.#busy);
    }
    return Math.max(speed, 0.001);
  }

  #refill(nowMs: number): void {
    const elapsedMs = nowMs - this.#creditedAtMs;
    this.#creditedAtMs = nowMs;
    const gained = elapsedMs * this.machine.budget.stepsPerMs;
    this.#credits = Math.min(BURST_STEPS, this.#credits + gained);
    const isExhausted = this.#credits <= 0;
    if (isExhausted === this.#isExhausted) return;
    this.#isExhausted = isExhausted;
    this.machine.budget.exhausted += isExhausted ? 1 : -1;
  }
}

/** cpu.shares of a request: at least 2, as MilliCPUToShares in pkg/kubelet/cm/helpers_linux.go, 1.34. */
export const weightOf = (requestMilli: number): number =>
  Math.max(2, Math.floor((requestMilli * 1024) / 1000));
