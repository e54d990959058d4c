import type { Parts } from "../paced.js";
import type { BacktrackNode } from "./backtrack-syntax.js";
import { LazyAutomaton } from "./lazy-automaton.js";
import { compileProgram, type Instruction } from "./match-program.js";
import type { Match } from "./regex-match.js";

/** Threads that are followed before the work is told: about two milliseconds. */
const THREADS_PER_PART = 32_768;
/** Threads that one charged step stands for: some ten microseconds. */
const THREADS_PER_STEP = 256;
/** Bytes passed over without a thread take that much less. */
const SKIPPED_PER_THREAD = 8;

/**
 * Leftmost-longest matches by an automaton that can stop at any byte and go on later: what the library does in one go, for texts where that takes too long. Of matches that
 * are equally long it gives the one that a backtracking search would find first, as the library does.
 */
export class PacedSearch {
  readonly #program: readonly Instruction[];
  readonly #first: Uint8Array | null;
  #idle: Threads | null = null;

  constructor(
    root: BacktrackNode,
    private readonly groupCount: number,
    ignoresCase: boolean,
  ) {
    this.#program = compileProgram(root, ignoresCase);
    this.#first = firstBytes(this.#program);
  }

  *contains(text: string, from: number): Parts<boolean> {
    if (!LazyAutomaton.suits(this.#program)) return (yield* this.#find(text, from)) !== null;
    return yield* new LazyAutomaton(this.#program).contains(text, from);
  }

  *search(text: string, from: number): Parts<Match | null> {
    // To know that there is none takes a small part of what finding one does.
    if (from === 0 && LazyAutomaton.suits(this.#program)) {
      if (!(yield* new LazyAutomaton(this.#program).contains(text, from))) return null;
    }
    return yield* this.#find(text, from);
  }

  *#find(text: string, from: number): Parts<Match | null> {
    const threads = this.#idle ?? new Threads(this.#program, 2 * (this.groupCount + 1));
    // Another process may begin with the same expression before this search ends.
    this.#idle = null;
    const best = yield* this.#run(threads, text, from);
    this.#idle = threads;
    if (best === null) return null;
    const groups: [number, number][] = [];
    for (let slot = 0; slot < best.length; slot += 2) {
      const start = best[slot] ?? -1;
      const end = best[slot + 1] ?? -1;
      groups.push(start < 0 || end < 0 ? [-1, -1] : [start, end]);
    }
    return { start: best[0] ?? 0, end: best[1] ?? 0, groups };
  }

  *#run(threads: Threads, text: string, from: number): Parts<Int32Array | null> {
    threads.begin(text);
    for (let at = from; at <= text.length; at += 1) {
      if (threads.isEmpty) {
        if (threads.best !== null) break;
        at = yield* this.#skip(text, at);
        if (at > text.length) break;
      }
      if (threads.best === null) threads.spawn(at);
      threads.step(at);
      if (threads.followed < THREADS_PER_PART) continue;
      yield threads.followed / THREADS_PER_STEP;
      threads.followed = 0;
    }
    yield threads.followed / THREADS_PER_STEP;
    return threads.best;
  }

  /** The next place where a match can begin. */
  *#skip(text: string, from: number): Parts<number> {
    const first = this.#first;
    if (first === null) return from;
    let at = from;
    for (let told = from; at < text.length && first[text.charCodeAt(at)] !== 1; at += 1) {
      if (at - told < THREADS_PER_PART * SKIPPED_PER_THREAD) continue;
      yield (at - told) / SKIPPED_PER_THREAD / THREADS_PER_STEP;
      told = at;
    }
    // No match is empty here, so none begins at the end.
    return at < text.length ? at : text.length + 1;
  }
}

/** The bytes that a match can begin with; null where it may be empty. */
function firstBytes(program: readonly Instruction[]): Uint8Array | null {
  const first = new Uint8Array(256);
  const seen = new Set<number>();
  const pending = [0];
  for (let pc = pending.pop(); pc !== undefined; pc = pending.pop()) {
    if (seen.has(pc)) continue;
    seen.add(pc);
    const instruction = program[pc];
    switch (instruction?.kind) {
      case "set":
        for (const [code, accepted] of instruction.set.entries())
          if (accepted === 1) first[code] = 1;
        break;
      case "split":
        pending.push(instruction.first, instruction.second);
        break;
      case "save":
      case "assert":
        pending.push(pc + 1);
        break;
      default:
        return null;
    }
  }
  return first;
}

/** A list of threads, none twice, in the order of their preference, each with what it has captured. */
class ThreadList {
  readonly pcs: Int32Array;
  readonly slots: Int32Array;
  readonly #places: Int32Array;
  size = 0;

  constructor(
    instructions: number,
    private readonly slotCount: number,
  ) {
    this.pcs = new Int32Array(instructions);
    this.#places = new Int32Array(instructions);
    this.slots = new Int32Array(instructions * slotCount);
  }

  /** Where it is now; -1 when it was there already. */
  add(pc: number): number {
    const known = this.#places[pc] ?? 0;
    if (known < this.size && this.pcs[known] === pc) return -1;
    const place = this.size;
    this.#places[pc] = place;
    this.pcs[place] = pc;
    this.size += 1;
    return place;
  }

  keep(place: number, slots: Int32Array): void {
    this.slots.set(slots, place * this.slotCount);
  }
}

class Threads {
  best: Int32Array | null = null;
  /** Threads followed since it was last set to zero. */
  followed = 0;
  #text = "";
  #now: ThreadList;
  #next: ThreadList;
  readonly #slots: Int32Array;
  /** Places to follow later; or, with -1 minus the slot, what a slot held before. */
  readonly #pending: number[] = [];

  constructor(
    private readonly program: readonly Instruction[],
    private readonly slotCount: number,
  ) {
    this.#now = new ThreadList(program.length, slotCount);
    this.#next = new ThreadList(program.length, slotCount);
    this.#slots = new Int32Array(slotCount);
  }

  get isEmpty(): boolean {
    return this.#now.size === 0;
  }

  begin(text: string): void {
    this.#text = text;
    this.best = null;
    this.followed = 1;
    this.#now.size = 0;
    this.#next.size = 0;
  }

  /** A match may begin here: the least preferred of all. */
  spawn(at: number): void {
    this.#slots.fill(-1);
    this.#follow(this.#now, 0, at);
  }

  /** All threads over the byte at hand. */
  step(at: number): void {
    const now = this.#now;
    const code = at < this.#text.length ? this.#text.charCodeAt(at) : -1;
    this.followed += 1;
    for (let place = 0; place < now.size; place += 1) {
      const pc = now.pcs[place] ?? 0;
      const instruction = this.program[pc];
      if (instruction?.kind !== "set" && instruction?.kind !== "match") continue;
      this.followed += 1;
      const offset = place * this.slotCount;
      if (this.#isBehind(now.slots[offset] ?? 0)) continue;
      if (instruction.kind === "match") this.#offer(now.slots, offset, at);
      else if (code >= 0 && instruction.set[code] === 1) {
        for (let slot = 0; slot < this.slotCount; slot += 1)
          this.#slots[slot] = now.slots[offset + slot] ?? -1;
        this.#follow(this.#next, pc + 1, at + 1);
      }
    }
    now.size = 0;
    this.#now = this.#next;
    this.#next = now;
  }

  /** Whether a match is known that began before. */
  #isBehind(start: number): boolean {
    return this.best !== null && (this.best[0] ?? 0) < start;
  }

  #offer(slots: Int32Array, offset: number, end: number): void {
    if (this.best === null || (this.best[1] ?? 0) < end)
      this.best = slots.slice(offset, offset + this.slotCount);
  }

  /** Follows what takes no byte. */
  #follow(list: ThreadList, from: number, at: number): void {
    const pending = this.#pending;
    pending.push(from);
    while (pending.length > 0) {
      const entry = pending.pop() ?? 0;
      if (entry < 0) this.#slots[-1 - entry] = pending.pop() ?? -1;
      else this.#followOne(list, entry, at);
    }
  }

  #followOne(list: ThreadList, from: number, at: number): void {
    const pending = this.#pending;
    for (let pc = from; ;) {
      const place = list.add(pc);
      if (place < 0) return;
      this.followed += 1;
      const instruction = this.program[pc];
      switch (instruction?.kind) {
        case "split":
          pending.push(instruction.second);
          pc = instruction.first;
          continue;
        case "save":
          pending.push(this.#slots[instruction.slot] ?? -1, -1 - instruction.slot);
          this.#slots[instruction.slot] = at;
          pc += 1;
          continue;
        case "assert":
          if (!this.#holds(instruction.assertion, at)) return;
          pc += 1;
          continue;
        default:
          list.keep(place, this.#slots);
          return;
      }
    }
  }

  #holds(assertion: "start" | "end" | "boundary" | "inside", at: number): boolean {
    switch (assertion) {
      case "start":
        return at === 0;
      case "end":
        return at === this.#text.length;
      default: {
        const isBoundary = this.#isWord(at - 1) !== this.#isWord(at);
        return isBoundary === (assertion === "boundary");
      }
    }
  }

  #isWord(at: number): boolean {
    return at >= 0 && at < this.#text.length && /\w/.test(this.#text.charAt(at));
  }
}
