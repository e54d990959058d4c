export type { Dialect } from "./dialect.js";
export { readScript } from "./read-script.js";
export * from "./syntax.js";
export { hasGlobCharacter } from "./build-word.js";
export { convertExpandingWord } from "./expanding-word.js";
