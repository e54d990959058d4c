import { compileRegex, type Regex } from "../../../pattern/regex-match.js";
import { RegexProblem } from "../../../pattern/posix-regex.js";
import { LONG_TEXT_CHARACTERS } from "../../../limits.js";
import { paced } from "../../../paced.js";
import type { Blocking } from "../../../syscall.js";
import type { Command } from "../../command.js";
import { AwkStreams } from "./streams.js";
import { LONG_RECORD_CHARACTERS, splitFields, splitInParts } from "./records.js";
import { noteWork } from "../../../work.js";
import { AwkProblem } from "./syntax.js";
import { inputValue, toNumber, toText, type Value } from "./value.js";

export type AwkArray = Map<string, Value>;

/** The variables that `$0` depends on or that depend on it. */
const WATCHED: ReadonlySet<string> = new Set(["NF", "CONVFMT", "OFMT", "SUBSEP"]);

const MEMORY_PER_ELEMENT = 64;
/** Fields of one record; busybox would go on as long as it gets memory. */
const MAX_FIELDS = 4_194_304;
const MANY_FIELDS = 1024;
const MEMORY_PER_FIELD = 16;
const FIELDS_PER_STEP = 256;
const FIELDS_PER_CHARGE = 4096;
const STEPS_PER_CHARGE = 32;

/** Variables, fields and streams of a running program. */
export class AwkRuntime {
  readonly variables = new Map<string, Value>();
  readonly arrays = new Map<string, AwkArray>();
  readonly streams: AwkStreams;
  convertFormat = "%.6g";
  outputFormat = "%.6g";
  subscriptSeparator = "\x1c";
  exitStatus = 0;
  callDepth = 0;
  /** `$0`; null when it must be made anew from the fields. */
  #record: string | null = "";
  /** `$1` and on; null until something asks for them. */
  #fields: Value[] | null = null;
  #unaccounted = 0;
  #heldForFields = 0;

  constructor(readonly command: Command) {
    this.streams = new AwkStreams(command);
    for (const [name, value] of Object.entries(INITIAL)) this.variables.set(name, value);
  }

  text(value: Value): string {
    return toText(value, this.convertFormat);
  }

  get(name: string): Value {
    if (name === "NF") return this.fields().length;
    return this.variables.get(name);
  }

  set(name: string, value: Value): void {
    this.variables.set(name, value);
    if (WATCHED.has(name)) this.#changed(name, value);
  }

  #changed(name: string, value: Value): void {
    switch (name) {
      case "NF": {
        const fields = this.fields();
        const count = Math.max(0, Math.trunc(toNumber(value)));
        this.#growFields(fields, count);
        fields.length = count;
        this.#record = null;
        return;
      }
      case "CONVFMT":
        this.convertFormat = this.text(value);
        return;
      case "OFMT":
        this.outputFormat = this.text(value);
        return;
      default:
        this.subscriptSeparator = this.text(value);
    }
  }

  #growFields(fields: Value[], count: number): void {
    if (count <= fields.length) return;
    // As xrealloc does when there is no such memory.
    if (!(count <= MAX_FIELDS)) throw new AwkProblem("out of memory", 0);
    this.#holdFields(count);
    noteWork((count - fields.length) / FIELDS_PER_STEP);
    while (fields.length < count) fields.push("");
  }

  /** What a record with very many fields takes, until the next one comes. */
  #holdFields(count: number): void {
    const bytes = count < MANY_FIELDS ? 0 : count * MEMORY_PER_FIELD;
    if (bytes === this.#heldForFields) return;
    const more = bytes - this.#heldForFields;
    this.#heldForFields = bytes;
    if (more > 0) this.command.sys.allocate(more);
    else this.command.sys.free(-more);
  }

  setRecord(text: string): void {
    this.#record = text;
    this.#fields = null;
    this.#holdFields(0);
  }

  /** Splits a record that is long before somebody asks for its fields, in parts. */
  *splitLongRecord(): Blocking<void> {
    const record = this.#record;
    if (record === null || record.length < LONG_RECORD_CHARACTERS || this.#fields !== null) return;
    const { separator, isParagraph } = this.#howToSplit();
    const { sys } = this.command;
    const texts = yield* paced(sys, splitInParts(record, separator, isParagraph));
    this.#holdFields(texts.length);
    const fields: Value[] = [];
    for (const text of texts) {
      fields.push(inputValue(text));
      if (fields.length % FIELDS_PER_CHARGE === 0) yield* sys.charge(STEPS_PER_CHARGE);
    }
    this.#fields = fields;
  }

  #howToSplit(): { readonly separator: string; readonly isParagraph: boolean } {
    const separator = this.text(this.variables.get("FS"));
    return { separator, isParagraph: this.text(this.variables.get("RS")) === "" };
  }

  record(): string {
    if (this.#record === null) {
      const joint = this.text(this.variables.get("OFS"));
      this.#record = this.fields()
        .map((field) => this.text(field))
        .join(joint);
    }
    return this.#record;
  }

  fields(): Value[] {
    if (this.#fields === null) {
      const { separator, isParagraph } = this.#howToSplit();
      this.#fields = splitFields(this.#record ?? "", separator, isParagraph).map(inputValue);
    }
    return this.#fields;
  }

  field(index: number): Value {
    if (index === 0) return inputValue(this.record());
    if (index < 0) throw new AwkProblem("Access to negative field", 0);
    return this.fields()[index - 1];
  }

  setField(index: number, value: Value): void {
    if (index === 0) {
      this.setRecord(this.text(value));
      return;
    }
    if (index < 0) throw new AwkProblem("Access to negative field", 0);
    const fields = this.fields();
    this.#growFields(fields, index);
    fields[index - 1] = value;
    this.#record = null;
  }

  array(name: string): AwkArray {
    const known = this.arrays.get(name);
    if (known !== undefined) return known;
    const made: AwkArray = new Map();
    this.arrays.set(name, made);
    return made;
  }

  /** Reading an element makes it (POSIX). */
  element(array: AwkArray, key: string): Value {
    const value = array.get(key);
    if (value === undefined && !array.has(key)) this.setElement(array, key, undefined);
    return value;
  }

  setElement(array: AwkArray, key: string, value: Value): void {
    this.#unaccounted +=
      MEMORY_PER_ELEMENT + key.length + (typeof value === "string" ? value.length : 8);
    if (this.#unaccounted > 65_536) {
      this.command.sys.allocate(this.#unaccounted);
      this.#unaccounted = 0;
    }
    array.set(key, value);
  }

  *contains(text: string, pattern: string): Blocking<boolean> {
    const regex = this.regex(pattern);
    if (text.length < LONG_TEXT_CHARACTERS) return regex.test(text);
    return yield* paced(this.command.sys, regex.containsInParts(text, 0));
  }

  regex(pattern: string): Regex {
    try {
      return compileRegex(pattern, { isExtended: true });
    } catch (error) {
      if (!(error instanceof RegexProblem)) throw error;
      throw new AwkProblem(`bad regex '${pattern}': ${error.text}`, 0);
    }
  }
}

const INITIAL: Readonly<Record<string, Value>> = {
  CONVFMT: "%.6g",
  FS: " ",
  NR: 0,
  FNR: 0,
  OFMT: "%.6g",
  OFS: " ",
  ORS: "\n",
  RLENGTH: 0,
  RS: "\n",
  RSTART: 0,
  SUBSEP: "\x1c",
};
