export { evaluateArithmetic, type ArithmeticVariables } from "./evaluate.js";
export type { ArithmeticGrammar } from "./parse.js";
export { ArithmeticError } from "./expression.js";
export { formatInteger, isZero, parseInteger, type Integer } from "./integer.js";
