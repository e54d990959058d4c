export { evaluateArithmetic, type ArithmeticVariables } from "./evaluate.js";
export type { ArithmeticGrammar } from "./parse.js";
export { ArithmeticError } from "./expression.js";
export { formatInteger, isZero, type Integer } from "./integer.js";
