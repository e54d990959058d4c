import type { Builtin } from "./builtin.js";

export const runTrue: Builtin = () => 0;
export const runFalse: Builtin = () => 1;
