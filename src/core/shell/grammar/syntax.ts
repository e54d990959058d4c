/**
 * The syntax tree that the interpreter runs: `unbash`'s tree made compact, with everything decided that does not depend on the
 * moment of running (which words are plain text, where a tilde expands, what braces become).
 */

/** A piece of a word. `quoted` pieces are neither split into fields nor matched against file names. */
export type Segment =
  | TextSegment
  | TildeSegment
  | ParameterSegment
  | CommandSegment
  | ArithmeticSegment
  | ProcessSegment;

export interface TextSegment {
  readonly kind: "text";
  readonly text: string;
  readonly quoted: boolean;
}

/** `~` or `~user` at the start of a word (or after `:` or `=` of an assignment). */
export interface TildeSegment {
  readonly kind: "tilde";
  readonly user: string;
}

export interface ParameterSegment {
  readonly kind: "parameter";
  readonly name: string;
  readonly quoted: boolean;
  /** `${x[subscript]}` of bash. */
  readonly subscript: Word | null;
  readonly operation: ParameterOperation | null;
  /** The source, for "bad substitution". */
  readonly source: string;
}

export type ParameterOperation =
  | { readonly kind: "length" }
  | { readonly kind: "indirect"; readonly then: ParameterOperation | null }
  | {
      readonly kind: "default" | "assign" | "alternative" | "error";
      /** The form with `:`, which treats an empty value as unset. */
      readonly orEmpty: boolean;
      readonly operand: Word;
    }
  | {
      readonly kind: "remove";
      readonly end: "prefix" | "suffix";
      readonly longest: boolean;
      readonly operand: Word;
    }
  | {
      readonly kind: "replace";
      readonly scope: "first" | "all" | "prefix" | "suffix";
      readonly pattern: Word;
      readonly replacement: Word;
    }
  | { readonly kind: "slice"; readonly offset: Word; readonly length: Word | null }
  | {
      readonly kind: "case";
      readonly upper: boolean;
      readonly all: boolean;
      readonly pattern: Word | null;
    }
  | { readonly kind: "transform"; readonly operator: string }
  | { readonly kind: "names"; readonly separate: boolean }
  | { readonly kind: "bad" };

export interface CommandSegment {
  readonly kind: "command";
  readonly script: Script;
  readonly quoted: boolean;
}

export interface ArithmeticSegment {
  readonly kind: "arithmetic";
  /** The expression's text, expanded as if in double quotes before it is read as arithmetic. */
  readonly expression: Word;
  readonly quoted: boolean;
}

export interface ProcessSegment {
  readonly kind: "process";
  readonly direction: "<" | ">";
  readonly script: Script;
}

export interface Word {
  readonly segments: readonly Segment[];
  /** The one field that the word always expands to, when it is plain text. */
  readonly literal: string | null;
  /** Whether expanding it may run a command, and so block. */
  readonly blocking: boolean;
  /** As it was written, for messages and `set -x` of words that are not expanded. */
  readonly source: string;
}

export interface Assignment {
  readonly name: string;
  readonly append: boolean;
  readonly subscript: Word | null;
  readonly value: Word | readonly ArrayElement[];
}

export interface ArrayElement {
  readonly subscript: Word | null;
  readonly value: Word;
}

/** An argument written as an assignment to a builtin that takes them (`export x=1`, `declare -a y=(1 2)`). */
export interface AssignmentArgument {
  readonly assignment: Assignment;
  readonly word: Word;
}

export type Redirect =
  | {
      readonly kind: "file";
      readonly operator: ">" | ">>" | "<" | "<>" | ">|" | "&>" | "&>>";
      readonly descriptor: number | string | null;
      readonly target: Word;
    }
  | {
      readonly kind: "duplicate";
      readonly operator: "<&" | ">&";
      readonly descriptor: number | string | null;
      readonly target: Word;
    }
  | {
      readonly kind: "here";
      readonly descriptor: number | string | null;
      readonly body: Word;
      /** A here-string ends its word with a newline. */
      readonly newline: boolean;
    };

export interface SimpleCommand {
  readonly kind: "simple";
  readonly line: number;
  readonly assignments: readonly Assignment[];
  readonly words: readonly (Word | AssignmentArgument)[];
  readonly redirects: readonly Redirect[];
  /** Nothing but words that expand without running anything: the fast path. */
  readonly plain: boolean;
  /** Source of the command for jobs and aliases. */
  readonly source: string;
}

export interface Pipeline {
  readonly kind: "pipeline";
  readonly commands: readonly Command[];
  /** Per command: whether its standard error goes into the pipe as well (`|&`). */
  readonly errorsToo: readonly boolean[];
  readonly negated: boolean;
  readonly timed: false | "bash" | "posix";
  readonly source: string;
}

export interface AndOr {
  readonly kind: "and-or";
  readonly commands: readonly Command[];
  readonly operators: readonly ("&&" | "||")[];
  readonly source: string;
}

export interface Background {
  readonly kind: "background";
  readonly command: Command;
  readonly source: string;
}

export interface List {
  readonly kind: "list";
  readonly commands: readonly Command[];
}

export interface Compound {
  readonly redirects: readonly Redirect[];
  readonly line: number;
  readonly source: string;
}

export interface Subshell extends Compound {
  readonly kind: "subshell";
  readonly body: List;
}

export interface Group extends Compound {
  readonly kind: "group";
  readonly body: List;
}

export interface If extends Compound {
  readonly kind: "if";
  readonly clauses: readonly { readonly test: List; readonly body: List }[];
  readonly otherwise: List | null;
}

export interface While extends Compound {
  readonly kind: "while";
  readonly until: boolean;
  readonly test: List;
  readonly body: List;
}

export interface For extends Compound {
  readonly kind: "for";
  readonly name: string;
  /** Null: the positional parameters. */
  readonly words: readonly Word[] | null;
  readonly body: List;
}

export interface Select extends Compound {
  readonly kind: "select";
  readonly name: string;
  readonly words: readonly Word[] | null;
  readonly body: List;
}

export interface ArithmeticFor extends Compound {
  readonly kind: "arithmetic-for";
  readonly initialize: Word | null;
  readonly test: Word | null;
  readonly update: Word | null;
  readonly body: List;
}

export interface Case extends Compound {
  readonly kind: "case";
  readonly word: Word;
  readonly items: readonly {
    readonly patterns: readonly Word[];
    readonly body: List;
    readonly then: ";;" | ";&" | ";;&";
  }[];
}

export interface FunctionDefinition {
  readonly kind: "function";
  readonly name: string;
  readonly body: Command;
  readonly line: number;
  readonly source: string;
}

export interface ArithmeticCommand extends Compound {
  readonly kind: "arithmetic";
  readonly expression: Word;
}

/** `[[ … ]]` */
export interface Condition extends Compound {
  readonly kind: "condition";
  readonly test: ConditionTest;
}

export type ConditionTest =
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Word }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Word;
      readonly right: Word;
    }
  | {
      readonly kind: "and" | "or";
      readonly tests: readonly ConditionTest[];
    }
  | { readonly kind: "not"; readonly test: ConditionTest };

export type Command =
  | SimpleCommand
  | Pipeline
  | AndOr
  | Background
  | List
  | Subshell
  | Group
  | If
  | While
  | For
  | Select
  | ArithmeticFor
  | Case
  | FunctionDefinition
  | ArithmeticCommand
  | Condition;

/** Why a script could not be read to its end. */
export interface SyntaxProblem {
  /** The token that was not expected; null at the end of the text. */
  readonly token: string | null;
  /** A closing quote or bracket that never came: `"`, `)`, `` ` ``, `}`. */
  readonly unterminated: string | null;
  /** The whole message where it is not about a token: `bad for loop variable`. */
  readonly detail: string | null;
  /** The reserved word that would have been right, where the grammar leaves one choice. */
  readonly expected: string | null;
  readonly line: number;
  /** The source line that holds the token. */
  readonly sourceLine: string;
  /** More text could make it right: an interactive or piped script waits for it. */
  readonly incomplete: boolean;
}

export interface Script {
  readonly source: string;
  readonly commands: readonly Command[];
  /** Per command: the number of the input line (of several commands joined by `;`) it belongs to. */
  readonly units: readonly number[];
  readonly problem: SyntaxProblem | null;
}
