import { SCANNED_CHARACTERS_PER_STEP } from "../limits.js";
import type { Parts } from "../paced.js";
import type { Instruction } from "./match-program.js";

/** Bytes between two times that the work is told: about two milliseconds. */
const WORK_PER_PART = 262_144;
/** A new state costs so many times as much for each instruction in it as a byte does. */
const WORK_PER_INSTRUCTION = 32;
const MAX_STATES = 256;

interface State {
  readonly pcs: readonly number[];
  readonly isMatch: boolean;
  readonly next: (State | undefined)[];
}

/** Whether a text contains a match, by a deterministic automaton whose states are made when they are first met. It lives as long as one search. */
export class LazyAutomaton {
  readonly #states = new Map<string, State>();
  #work = 0;

  /** Word boundaries need to see the next byte: a program that has them is none for this. */
  static suits(program: readonly Instruction[]): boolean {
    return !program.some(
      (instruction) =>
        instruction.kind === "assert" &&
        (instruction.assertion === "boundary" || instruction.assertion === "inside"),
    );
  }

  constructor(private readonly program: readonly Instruction[]) {}

  *contains(text: string, from: number): Parts<boolean> {
    let state = this.#state([0], from === 0, false);
    for (let at = from; ; at += 1) {
      if (state.isMatch) return true;
      if (at >= text.length) break;
      const code = text.charCodeAt(at);
      state = state.next[code] ?? this.#step(state, code);
      this.#work += 1;
      if (this.#work < WORK_PER_PART) continue;
      yield this.#work / SCANNED_CHARACTERS_PER_STEP;
      this.#work = 0;
    }
    yield this.#work / SCANNED_CHARACTERS_PER_STEP;
    return this.#state(state.pcs, text.length === 0, true).isMatch;
  }

  #step(state: State, code: number): State {
    const moved: number[] = [];
    for (const pc of state.pcs) {
      const instruction = this.program[pc];
      if (instruction?.kind === "set" && instruction.set[code] === 1) moved.push(pc + 1);
    }
    // A match may begin anywhere.
    moved.push(0);
    const next = this.#state(moved, false, false);
    state.next[code] = next;
    return next;
  }

  #state(from: readonly number[], isStart: boolean, isEnd: boolean): State {
    const pcs = this.#reachable(from, isStart, isEnd);
    this.#work += pcs.length * WORK_PER_INSTRUCTION;
    const key = `${isEnd ? "$" : ""}${pcs.join()}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#states.size >= MAX_STATES) this.#forget();
    const isMatch = pcs.some((pc) => this.program[pc]?.kind === "match");
    const made: State = { pcs, isMatch, next: [] };
    this.#states.set(key, made);
    return made;
  }

  /** They hold one another: cut apart, all but the one at hand can go. */
  #forget(): void {
    for (const state of this.#states.values()) state.next.length = 0;
    this.#states.clear();
  }

  #reachable(from: readonly number[], isStart: boolean, isEnd: boolean): number[] {
    const seen = new Set<number>();
    const pending = [...from];
    for (let pc = pending.pop(); pc !== undefined; pc = pending.pop()) {
      if (seen.has(pc)) continue;
      seen.add(pc);
      const instruction = this.program[pc];
      if (instruction?.kind === "split") pending.push(instruction.first, instruction.second);
      else if (instruction?.kind === "save") pending.push(pc + 1);
      else if (instruction?.kind === "assert") {
        const holds = instruction.assertion === "start" ? isStart : isEnd;
        if (holds) pending.push(pc + 1);
      }
    }
    return [...seen].sort((a, b) => a - b);
  }
}
