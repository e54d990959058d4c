import type { BacktrackNode } from "./backtrack-syntax.js";
import { RegexProblem } from "./posix-regex.js";

/** What a thread of the matcher does next. Instructions follow one another unless they say otherwise. */
export type Instruction =
  | { readonly kind: "set"; readonly set: Uint8Array }
  | { readonly kind: "split"; first: number; second: number }
  | { readonly kind: "save"; readonly slot: number }
  | { readonly kind: "assert"; readonly assertion: "start" | "end" | "boundary" | "inside" }
  | { readonly kind: "match" };

/** What `a{1000}` and its like grow to at most: RE2 gives up earlier. */
const MAX_INSTRUCTIONS = 131_072;

/** Thompson's construction. @throws RegexProblem */
export function compileProgram(root: BacktrackNode, ignoresCase: boolean): Instruction[] {
  const compiler = new Compiler(ignoresCase);
  compiler.add({ kind: "group", index: 0, body: root });
  compiler.program.push({ kind: "match" });
  return compiler.program;
}

class Compiler {
  readonly program: Instruction[] = [];
  readonly #sets = new Map<BacktrackNode, Uint8Array>();

  constructor(private readonly ignoresCase: boolean) {}

  add(node: BacktrackNode): void {
    switch (node.kind) {
      case "set":
        this.#push({ kind: "set", set: this.#set(node) });
        return;
      case "start":
      case "end":
        this.program.push({ kind: "assert", assertion: node.kind });
        return;
      case "boundary":
        this.program.push({ kind: "assert", assertion: node.positive ? "boundary" : "inside" });
        return;
      case "sequence":
        for (const part of node.parts) this.add(part);
        return;
      case "choice":
        this.#choice(node.options);
        return;
      case "group":
        if (node.index !== null) this.program.push({ kind: "save", slot: node.index * 2 });
        this.add(node.body);
        if (node.index !== null) this.program.push({ kind: "save", slot: node.index * 2 + 1 });
        return;
      case "repeat":
        this.#repeat(node);
        return;
      case "back":
        throw new Error("an automaton matches no back references");
    }
  }

  #push(instruction: Instruction): void {
    if (this.program.length >= MAX_INSTRUCTIONS)
      throw new RegexProblem("Regular expression too big");
    this.program.push(instruction);
  }

  #set(node: Extract<BacktrackNode, { kind: "set" }>): Uint8Array {
    const known = this.#sets.get(node);
    if (known !== undefined) return known;
    const made = this.#makeSet(node);
    this.#sets.set(node, made);
    return made;
  }

  #makeSet({ accepts, isNegated }: Extract<BacktrackNode, { kind: "set" }>): Uint8Array {
    const set = new Uint8Array(256);
    for (let code = 0; code < 256; code += 1) {
      const cases = this.ignoresCase ? casesOf(code) : [code];
      set[code] = (isNegated ? cases.every(accepts) : cases.some(accepts)) ? 1 : 0;
    }
    return set;
  }

  #split(): Extract<Instruction, { kind: "split" }> {
    const split = { kind: "split" as const, first: this.program.length + 1, second: -1 };
    this.#push(split);
    return split;
  }

  #choice(options: readonly BacktrackNode[]): void {
    const jumps: Extract<Instruction, { kind: "split" }>[] = [];
    for (const [index, option] of options.entries()) {
      if (index === options.length - 1) {
        this.add(option);
        break;
      }
      const split = this.#split();
      this.add(option);
      jumps.push(this.#split());
      split.second = this.program.length;
    }
    for (const jump of jumps) jump.first = jump.second = this.program.length;
  }

  #repeat({ body, least, most }: Extract<BacktrackNode, { kind: "repeat" }>): void {
    const copies = most === Infinity ? Math.max(0, least - 1) : least;
    for (let copy = 0; copy < copies; copy += 1) this.add(body);
    const skips: Extract<Instruction, { kind: "split" }>[] = [];
    if (most === Infinity) {
      if (least === 0) skips.push(this.#split());
      const begin = this.program.length;
      this.add(body);
      const again = this.#split();
      again.second = again.first;
      again.first = begin;
    } else {
      for (let copy = least; copy < most; copy += 1) {
        skips.push(this.#split());
        this.add(body);
      }
    }
    for (const skip of skips) skip.second = this.program.length;
  }
}

function casesOf(code: number): number[] {
  const character = String.fromCharCode(code);
  return [
    code,
    character.toLowerCase().charCodeAt(0),
    character.toUpperCase().charCodeAt(0),
  ].filter((other) => other < 256);
}
