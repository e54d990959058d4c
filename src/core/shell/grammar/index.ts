export type { Dialect } from "./dialect.js";
export { readScript } from "./read-script.js";
export * from "./syntax.js";
export { textWord, hasGlobCharacter, EMPTY_WORD } from "./build-word.js";
export { convertExpandingWord } from "./expanding-word.js";
